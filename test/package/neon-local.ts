import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import packageJson from '../../package.json' with { type: 'json' }

export interface NeonLocal extends AsyncDisposable {
  /** As the command prints it, for `DATABASE_URL`. */
  readonly url: string
  /** The same database over PostgreSQL's own protocol. */
  readonly protocolUrl: string
}

/** Runs the installed package's own command, `lexigram-edge neon-local`, in the project in a folder. */
export async function startNeonLocal(folder: string, node: string): Promise<NeonLocal> {
  const command = join('node_modules', 'lexigram-edge', packageJson.bin['lexigram-edge'])
  const child = spawn(node, [command, 'neon-local', '--port', '0'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let complaints = ''
  let url: string | undefined
  child.stderr.on('data', (chunk: Buffer) => void (complaints += chunk.toString()))
  for await (const line of createInterface({ input: child.stdout })) {
    url ??= /^DATABASE_URL=(.*)$/.exec(line)?.[1]
    const protocolUrl = /^for psql and other tools: (.*)$/.exec(line)?.[1]
    if (url === undefined || protocolUrl === undefined) continue
    child.stdout.resume()
    return {
      url,
      protocolUrl: protocolUrl.replace(new URL(protocolUrl).username, new URL(url).username),
      async [Symbol.asyncDispose]() {
        child.kill('SIGTERM')
        await ended
      },
    }
  }
  throw new Error(`lexigram-edge neon-local has ended:\n${complaints}`)
}
