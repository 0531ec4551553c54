import { describe, expect, it } from 'vitest'
import { provider } from '../provider.ts'
import { createApplication } from '../application.ts'
import { sharedRuntime } from '../runtime-traits.ts'
import { stopOnTermination } from './termination.ts'

/** A process of some applications, and of others that listen for its end. */
async function started({
  others = 0,
  shutdowns = [async () => {}],
}: { others?: number; shutdowns?: readonly (() => Promise<void>)[] } = {}) {
  const log: string[] = []
  const ended = Promise.withResolvers<void>()
  const listeners: (() => void)[] = []
  const process = {
    on: (_name: string, listener: () => void) => listeners.push(listener),
    listenerCount: () => listeners.length + others,
    exit(code: number) {
      log.push(`exit ${code}`)
      ended.resolve()
    },
  }
  const tracks = await Promise.all(
    shutdowns.map(async (shutdown) => {
      const stop = async (): Promise<void> => {
        await shutdown()
        log.push('shut down')
      }
      const app = createApplication({ name: 'test', providers: [provider('holder', { shutdown: stop })] })
      const env = {}
      await app.start(env, sharedRuntime)
      return stopOnTermination(() => app.stop(env), process, { budget: 50, grace: 20 })
    }),
  )
  const terminate = (): void => {
    for (const listener of listeners) listener()
  }
  return { log, track: tracks[0]!, terminate, listeners, ended: ended.promise }
}

describe('the end of a process', () => {
  it('shuts the application down first', async () => {
    const { terminate, ended, log } = await started()
    terminate()
    await ended
    expect(log).toEqual(['shut down', 'exit 0'])
  })

  it('waits for work in flight, whatever its outcome', async () => {
    const { terminate, ended, track, log } = await started()
    const request = Promise.withResolvers<void>()
    track(request.promise).catch(() => log.push('request failed'))
    terminate()
    request.reject(new Error('no'))
    await ended
    expect(log).toEqual(['request failed', 'shut down', 'exit 0'])
  })

  it.each([
    ['work', never(), Promise.resolve(), ['shut down', 'exit 0']],
    ['a shutdown', Promise.resolve(), never(), ['exit 0']],
  ])('does not wait for %s that never ends', async (_what, work, shutdown, expected) => {
    const { terminate, ended, track, log } = await started({ shutdowns: [() => shutdown] })
    void track(work)
    terminate()
    await ended
    expect(log).toEqual(expected)
  })

  it('waits for no more than every application of the process', async () => {
    const slow = (ms: number) => () => new Promise<void>((resolve) => setTimeout(resolve, ms))
    const { terminate, ended, log, listeners } = await started({ shutdowns: [slow(10), slow(1), never] })
    expect(listeners).toHaveLength(1)
    terminate()
    await ended
    expect(log).toEqual(['shut down', 'shut down', 'exit 0'])
  })

  it('ends as soon as the last application has shut down', async () => {
    const { terminate, ended, log } = await started({ shutdowns: Array.from({ length: 20 }, () => async () => {}) })
    const late = setTimeout(() => log.push('too late'), 40)
    terminate()
    await ended
    clearTimeout(late)
    expect(log).toEqual([...Array.from({ length: 20 }, () => 'shut down'), 'exit 0'])
  })

  it('leaves others who listen their time', async () => {
    const other = Promise.withResolvers<void>()
    const { terminate, ended, log } = await started({ others: 1 })
    terminate()
    setTimeout(() => {
      log.push('the other is done')
      other.resolve()
    }, 10)
    await Promise.all([ended, other.promise])
    expect(log).toEqual(['shut down', 'the other is done', 'exit 0'])
  })
})

function never(): Promise<void> {
  return new Promise(() => {})
}
