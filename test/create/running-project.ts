import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** What `npm start` has started. */
export interface RunningProject extends AsyncDisposable {
  send(path: string, body?: object): Promise<Response>
}

/** Runs `npm start` on a free port and waits for the line with its URL. */
export async function startProject(folder: string, isWorker: boolean): Promise<RunningProject> {
  const child = spawn('npm', ['start', ...(isWorker ? ['--', '--port', '0'] : [])], {
    cwd: folder,
    env: { ...process.env, PORT: '0', NO_COLOR: '1', CI: '1', WRANGLER_SEND_METRICS: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A separate process group, which is ended as a terminal ends it.
    detached: true,
  })
  const closed = once(child, 'close')
  const printed: string[] = []
  const listening = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      printed.push(line)
      const url = /(?: at |Ready on )(http:\/\/\S+)/.exec(line)?.[1]
      if (url !== undefined) listening.resolve(url)
    })
  }
  const ended = closed.then((): never => {
    throw new Error(`npm start has ended:\n${printed.join('\n')}`)
  })
  const url = await Promise.race([listening.promise, ended])
  ended.catch(() => {})
  return {
    send: (path, body) =>
      fetch(new URL(path, url), body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    async [Symbol.asyncDispose]() {
      // The process is its group's leader.
      process.kill(-child.pid!, 'SIGTERM')
      await closed
    },
  }
}
