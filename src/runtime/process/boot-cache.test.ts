import { describe, expect, it } from 'vitest'
import { ApplicationCache } from './boot-cache.ts'
import type { RunningApplication } from './running-application.ts'

const shared = { name: 'node', socketsOutliveRequests: true, sharesPending: true }
const alone = { name: 'workers', socketsOutliveRequests: false, sharesPending: false }

interface Boot {
  readonly settle: (outcome: 'ok' | 'fail') => void
  readonly running: RunningApplication
  stopped: boolean
}

function memo() {
  const boots: Boot[] = []
  const instance = new ApplicationCache(() => {
    const { promise, resolve, reject } = Promise.withResolvers<RunningApplication>()
    const boot: Boot = {
      stopped: false,
      running: { shutdown: async () => void (boot.stopped = true) } as unknown as RunningApplication,
      settle: (outcome) => (outcome === 'ok' ? resolve(boot.running) : reject(new Error('boot failed'))),
    }
    boots.push(boot)
    return promise
  })
  return { instance, boots }
}

describe('ApplicationCache', () => {
  it('boots once per environment object', async () => {
    const { instance, boots } = memo()
    const env = {}
    const first = instance.get(env, shared)
    boots[0]!.settle('ok')
    expect(await first).toBe(boots[0]!.running)
    expect(instance.peek(env)).toBe(boots[0]!.running)
    expect(await instance.get(env, shared)).toBe(boots[0]!.running)
    void instance.get({}, shared)
    expect(boots).toHaveLength(2)
  })

  it('shares an unfinished boot where requests may share I/O', async () => {
    const { instance, boots } = memo()
    const env = {}
    const both = Promise.all([instance.get(env, shared), instance.get(env, shared)])
    boots[0]!.settle('ok')
    expect(await both).toEqual([boots[0]!.running, boots[0]!.running])
    expect(boots).toHaveLength(1)
  })

  it('forgets a failed boot, so that the next request tries again', async () => {
    const { instance, boots } = memo()
    const env = {}
    const failing = Promise.allSettled([instance.get(env, shared), instance.get(env, shared)])
    boots[0]!.settle('fail')
    expect((await failing).map((outcome) => outcome.status)).toEqual(['rejected', 'rejected'])
    const again = instance.get(env, shared)
    boots[1]!.settle('ok')
    expect(await again).toBe(boots[1]!.running)
  })

  it('keeps the first of the boots that settles where I/O may not be shared', async () => {
    const { instance, boots } = memo()
    const env = {}
    const first = instance.get(env, alone)
    const second = instance.get(env, alone)
    expect(boots).toHaveLength(2)
    // The first request's client left and its boot never settles: the second does not depend on it.
    boots[1]!.settle('ok')
    expect(await second).toBe(boots[1]!.running)
    boots[0]!.settle('ok')
    expect(await first).toBe(boots[1]!.running)
    expect(boots.map((boot) => boot.stopped)).toEqual([true, false])
  })

  it('boots anew after a stop', async () => {
    const { instance, boots } = memo()
    const env = {}
    const starting = instance.get(env, shared)
    const stopping = instance.stop(env)
    boots[0]!.settle('ok')
    await Promise.all([starting, stopping])
    expect(boots[0]!.stopped).toBe(true)
    expect(instance.peek(env)).toBeUndefined()
    void instance.get(env, shared)
    expect(boots).toHaveLength(2)
    await instance.stop({})
  })

  it('boots anew for a request whose own boot was stopped', async () => {
    const { instance, boots } = memo()
    const env = {}
    const starting = instance.get(env, alone)
    await instance.stop(env)
    boots[0]!.settle('ok')
    await expect.poll(() => boots.length).toBe(2)
    boots[1]!.settle('ok')
    expect(await starting).toBe(boots[1]!.running)
    expect(boots.map((boot) => boot.stopped)).toEqual([true, false])
    expect(instance.peek(env)).toBe(boots[1]!.running)
  })
})
