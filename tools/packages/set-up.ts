import { installToolSet } from './install-tool-set.ts'
import type { ToolSet } from './tool-set.ts'

/** Installs sets and says so. Where that fails tests are skipped, except with `CI=true`, where the command fails. */
export async function setUp(sets: readonly ToolSet[]): Promise<void> {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      stopping.abort()
      process.exitCode = 1
    })
  }
  const tell = (line: string): void => console.log(line)
  for (const set of sets) {
    const installed = await installToolSet(set, { tell, signal: stopping.signal }).catch((error: unknown) => {
      if (!stopping.signal.aborted) throw error
    })
    if (installed === undefined) return
    if (installed.wasThere) tell(`installed: ${set.title}`)
    if (installed.failure === undefined) continue
    tell(installed.failure)
    tell('it cannot be installed: its tests are skipped')
    if (process.env['CI'] === 'true') process.exitCode = 1
  }
}
