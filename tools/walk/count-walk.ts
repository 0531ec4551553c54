import { Session } from 'node:inspector/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../commands/steps.ts'

/** What ran while one operation was done: files and functions of `src` and `adapters`, and calls of those functions. */
export interface WalkCount {
  readonly files: readonly string[]
  readonly functions: number
  readonly calls: number
}

/**
 * Does an operation three times and counts the third, when everything is loaded and cached. Only functions that V8 saw
 * being called count; a module's own top level does not.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/tot/Profiler/
 */
export async function countWalk(operation: () => Promise<unknown>): Promise<WalkCount> {
  await operation()
  await operation()
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
    await session.post('Profiler.takePreciseCoverage')
    await operation()
    const { result } = await session.post('Profiler.takePreciseCoverage')
    return summarize(result)
  } finally {
    session.disconnect()
  }
}

interface ScriptCoverage {
  readonly url: string
  readonly functions: readonly {
    readonly functionName: string
    readonly ranges: readonly { readonly count: number }[]
  }[]
}

function summarize(scripts: readonly ScriptCoverage[]): WalkCount {
  const ran = scripts.flatMap(({ url, functions }) => {
    const file = fileOf(url)
    if (file === undefined) return []
    const counts = functions.map(({ ranges }) => ranges[0]?.count ?? 0).filter((count) => count > 0)
    return counts.length === 0 ? [] : [{ file, counts }]
  })
  const counts = ran.flatMap((script) => script.counts)
  return {
    files: ran.map(({ file }) => file).toSorted(),
    functions: counts.length,
    calls: counts.reduce((sum, count) => sum + count, 0),
  }
}

/** Node names modules by URL, test runners by path. */
function fileOf(url: string): string | undefined {
  const path = relative(root, url.startsWith('file:') ? fileURLToPath(url) : url).replaceAll('\\', '/')
  return /^(?:src|adapters)\//.test(path) ? path : undefined
}
