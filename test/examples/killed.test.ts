import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'

/** Set `KILLS=18` for the whole campaign; each start takes some seconds. */
const kills = Number(process.env['KILLS'] ?? 1)
const writers = 6
const folder = mkdtempSync(join(tmpdir(), 'killed-'))
let running: Local | undefined

interface Local {
  readonly url: string
  readonly child: ChildProcess
}

afterAll(async () => {
  if (running !== undefined) await kill(running)
  rmSync(folder, { recursive: true, force: true })
})

// A group of processes is killed as one, which Windows does not have.
describe.skipIf(process.platform === 'win32')('the local start, killed while it is written to', () => {
  it(
    'has every write that it has acknowledged, documents and rows',
    async () => {
      const acknowledged: string[] = []
      running = await start()
      for (let round = 0; round < kills; round++) {
        acknowledged.push(...(await writeUntilKilled(running, round)))
        running = await start()
        const found = await Promise.all(acknowledged.map((path) => isThere(running!, path)))
        expect(acknowledged.filter((_, index) => !found[index])).toEqual([])
      }
      // oxlint-disable-next-line no-console -- the figure that the campaign is run for
      console.log(`${acknowledged.length} writes acknowledged in ${kills} kills, all of them kept`)
      expect(acknowledged.length).toBeGreaterThanOrEqual(kills * 2 * writers)
    },
    60_000 + kills * 60_000,
  )
})

async function start(): Promise<Local> {
  const child = fork(join(import.meta.dirname, 'example-process.ts'), [folder], { detached: true, stdio: 'ignore' })
  const [url] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the example ended with ${code}`))),
  ])) as [string]
  return { url, child }
}

/** The process and workerd beneath it, at once. */
async function kill({ child }: Local): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  process.kill(-child.pid!, 'SIGKILL')
  await ended
}

/** The paths of what was acknowledged. */
async function writeUntilKilled(local: Local, round: number): Promise<string[]> {
  const acknowledged: string[] = []
  const over = new AbortController()
  const { promise: isUnderWay, resolve: underWay } = Promise.withResolvers<void>()
  const write = async (writer: number): Promise<void> => {
    for (let i = 0; !over.signal.aborted; i++) {
      const id = `k${round}-${writer}-${i}`
      const isRow = i % 2 === 1
      const path = isRow ? `/products/${id}` : `/profiles/${id}`
      const body = isRow ? { id, name: 'Tea', stock: 1 } : { name: 'Ada' }
      try {
        const response = await send(local, isRow ? '/products' : path, isRow ? 'POST' : 'PUT', body)
        if (response.ok) {
          acknowledged.push(path)
          if (acknowledged.length === 2 * writers) underWay()
        } else if (!over.signal.aborted)
          throw new Error(`${path} was answered ${response.status}: ${await response.text()}`)
      } catch (error) {
        if (!over.signal.aborted) throw error
      }
    }
  }
  const writing = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
  // Another moment each time; a write that fails before is thrown here.
  await Promise.race([isUnderWay.then(() => delay((round * 137) % 600)), writing])
  over.abort()
  await kill(local)
  await writing
  return acknowledged
}

async function send({ url }: Local, path: string, method: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(new URL(path, url), { method, headers, body: JSON.stringify(body) })
  await response.clone().arrayBuffer()
  return response
}

async function isThere({ url }: Local, path: string): Promise<boolean> {
  const response = await fetch(new URL(path, url))
  await response.arrayBuffer()
  return response.ok
}
