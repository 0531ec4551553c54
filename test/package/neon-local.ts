import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import packageJson from '../../package.json' with { type: 'json' }

export interface NeonLocal extends AsyncDisposable {
  /** As the command prints it, for `DATABASE_URL`. */
  readonly url: string
}

/** Runs the installed package's own command, `lexigram-edge neon-local`, in the project in a folder. */
export async function startNeonLocal(folder: string, node: string): Promise<NeonLocal> {
  const command = join('node_modules', 'lexigram-edge', packageJson.bin['lexigram-edge'])
  const child = spawn(node, [command, 'neon-local', '--port', '0'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => void (complaints += chunk.toString()))
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /^DATABASE_URL=(.*)$/.exec(line) ?? []
    if (url === undefined) continue
    child.stdout.resume()
    return {
      url,
      async [Symbol.asyncDispose]() {
        child.kill('SIGTERM')
        await ended
      },
    }
  }
  throw new Error(`lexigram-edge neon-local has ended:\n${complaints}`)
}
