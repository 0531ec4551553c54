import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { root } from '../commands/steps.ts'
import type { LaunchOptions } from './runtime.ts'

export type ProcessOptions = Pick<LaunchOptions, 'env' | 'port' | 'progress' | 'signal' | 'inspected'>

/** A server in its own process. */
export interface NodeProcess {
  readonly url: string
  readonly ended: Promise<string>
  /** Asks it to end, as platforms do, and ends it when it takes too long. */
  readonly stop: () => Promise<void>
}

/** How long a server may take to let open requests end. */
const patience = 3000

/**
 * Starts a server with Node and waits for the line with its URL.
 *
 * @param args Of Node: a module and its arguments.
 * @throws Error when it ends before that, with the code `EADDRINUSE` when the port is taken
 */
export async function startNode(
  args: readonly string[],
  { env, port, progress, signal }: ProcessOptions,
): Promise<NodeProcess> {
  signal.throwIfAborted()
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let running = false
  const printed: string[] = []
  const listening = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      const [url] = / at (http:\/\/\S+)$/.exec(line)?.slice(1) ?? []
      if (url !== undefined) return listening.resolve(url)
      printed.push(line)
      if (running) progress(line)
    })
  }
  const closed = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, killer) => resolve(`the server ended with ${killer ?? `exit code ${code}`}`))
  })
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const timer = new AbortController()
    await Promise.race([closed, delay(patience, undefined, timer).catch(() => {})])
    timer.abort()
    child.kill('SIGKILL')
    await closed
  }
  const abort = (): void => void stop()
  signal.addEventListener('abort', abort, { once: true })
  const failed = closed.then((reason): never => {
    signal.throwIfAborted()
    throw Object.assign(new Error([reason, ...printed].join('\n')), {
      code: printed.some((line) => line.includes('EADDRINUSE')) ? 'EADDRINUSE' : undefined,
    })
  })
  const url = await Promise.race([listening.promise, failed])
  // From here on it is the caller who waits for the end.
  signal.removeEventListener('abort', abort)
  failed.catch(() => {})
  running = true
  return { url, ended: closed, stop }
}
