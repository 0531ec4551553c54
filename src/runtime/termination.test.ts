import { describe, expect, it } from 'vitest'
import { provider } from '../container/provider.ts'
import { createApplication } from './application.ts'
import { sharedRuntime } from './runtime-traits.ts'
import { stopOnTermination } from './termination.ts'

/** A process of one application, and of others that listen for its end. */
async function started({
  listeners = 1,
  shutdown = async () => {},
}: { listeners?: number; shutdown?: () => Promise<void> } = {}) {
  const log: string[] = []
  const ended = Promise.withResolvers<void>()
  let signal = (): void => {}
  const process = {
    on: (_name: string, listener: () => void) => (signal = listener),
    listenerCount: () => listeners,
    exit(code: number) {
      log.push(`exit ${code}`)
      ended.resolve()
    },
  }
  const stop = async (): Promise<void> => {
    await shutdown()
    log.push('shut down')
  }
  const app = createApplication({ name: 'test', providers: [provider('holder', { shutdown: stop })] })
  const env = {}
  await app.start(env, sharedRuntime)
  const track = stopOnTermination(app, { env, process }, { budget: 50, grace: 20 })
  return { log, track, terminate: () => signal(), ended: ended.promise }
}

describe('the end of a process', () => {
  it('shuts the application down first', async () => {
    const { terminate, ended, log } = await started()
    terminate()
    await ended
    expect(log).toEqual(['shut down', 'exit 0'])
  })

  it('waits for what is under way, whatever becomes of it', async () => {
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
    const { terminate, ended, track, log } = await started({ shutdown: () => shutdown })
    void track(work)
    terminate()
    await ended
    expect(log).toEqual(expected)
  })

  it('leaves others who listen their time', async () => {
    const other = Promise.withResolvers<void>()
    const { terminate, ended, log } = await started({ listeners: 2 })
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
