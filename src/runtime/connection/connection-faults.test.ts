import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ConnectionError, UsageError } from '../../core/errors.ts'
import type { Connectable, Connection } from './connectable.ts'
import { keepConnected } from './keep-connected.ts'
import type { KeepConnectedOptions } from './reconnecting-connection.ts'

type Faults = Partial<Connection<string, string>> & { readonly connect?: Connectable<string, string>['connect'] }

/** A service whose first connection has faults; those after it have none. */
function faulty(faults: Faults, options: KeepConnectedOptions = {}) {
  const log: string[] = []
  const errors: unknown[] = []
  const state = { opened: 0, now: 0 }
  const connectable: Connectable<string, string> = {
    name: 'ledger',
    async connect(signal) {
      const id = ++state.opened
      const { connect, ...first } = faults
      if (id === 1 && connect !== undefined) return connect(signal)
      return {
        async execute(command) {
          log.push(`${command} on ${id}`)
          return `${command} done`
        },
        async ping() {
          log.push(`ping ${id}`)
        },
        async close() {
          log.push(`close ${id}`)
        },
        ...(id === 1 ? first : {}),
      }
    },
  }
  const onError = (error: unknown): void => void errors.push(error)
  const connection = keepConnected(connectable, { now: () => state.now, onError, ...options })
  return { connection, connectable, log, errors, state }
}

const never = (): Promise<never> => new Promise(() => {})
const caught = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error)

describe('a kept connection, when things go wrong,', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('carries a thousand commands over the two connections of a break', async () => {
    const { connection, state } = faulty({
      execute: async (command) => {
        await Promise.resolve()
        if (Number(command) % 2 === 1) throw new Error('reset')
        return command
      },
      ping: () => Promise.reject(new Error('reset')),
    })
    const commands = Array.from({ length: 1000 }, (_, i) => String(i))
    const outcomes = await Promise.allSettled(commands.map((command) => connection.execute(command)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(500)
    expect(await Promise.all(commands.map((command) => connection.execute(command)))).toHaveLength(1000)
    expect(state.opened).toBe(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('closes a connection that is given up after its slow commands', async () => {
    const slow = Promise.withResolvers<string>()
    const { connection, log, state } = faulty({ execute: () => slow.promise, ping: never })
    const answer = connection.execute('slow')
    await vi.advanceTimersByTimeAsync(0)
    state.now += 6000
    const other = connection.execute('b')
    await vi.advanceTimersByTimeAsync(1000)
    expect([await other, log]).toEqual(['b done', ['b on 2']])
    slow.resolve('slow done')
    expect(await answer).toBe('slow done')
    expect(log).toEqual(['b on 2', 'close 1'])
  })

  it('closes also what was given up, when it is closed', async () => {
    const { connection, log, state } = faulty({ execute: never, ping: never })
    void caught(connection.execute('slow'))
    await vi.advanceTimersByTimeAsync(0)
    state.now += 6000
    const other = connection.execute('b')
    await vi.advanceTimersByTimeAsync(1000)
    await other
    await connection.close()
    expect(log.toSorted()).toEqual(['b on 2', 'close 1', 'close 2'])
  })

  it('never closes under a command that takes longer than idleness may', async () => {
    const slow = Promise.withResolvers<string>()
    const { connection, log } = faulty({ execute: () => slow.promise }, { idleTimeout: 5, commandTimeout: Infinity })
    const answer = connection.execute('slow')
    await vi.advanceTimersByTimeAsync(1000)
    expect(log).toEqual([])
    slow.resolve('slow done')
    expect(await answer).toBe('slow done')
    await vi.advanceTimersByTimeAsync(5)
    expect(log).toEqual(['close 1'])
  })

  it('opens anew for a command that comes in the moment of idleness', async () => {
    const { connection, log } = faulty({}, { idleTimeout: 5 })
    await connection.execute('a')
    vi.advanceTimersByTime(5)
    expect(await connection.execute('b')).toBe('b done')
    expect(log).toEqual(['a on 1', 'close 1', 'b on 2'])
  })

  it.each([Infinity, 2 ** 40])('does not take an idle time of %d for none', async (idleTimeout) => {
    const { connection, log } = faulty({}, { idleTimeout })
    await connection.execute('a')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(log).toEqual(['a on 1'])
  })

  it('is verified when the clock was set back, which hides how long it has been silent', async () => {
    const { connection, log, state } = faulty({})
    state.now = 10_000_000
    await connection.execute('a')
    state.now = 0
    await connection.execute('b')
    await connection.execute('c')
    expect(log).toEqual(['a on 1', 'ping 1', 'b on 1', 'c on 1'])
  })

  it.each(['resolves', 'rejects'])('is replaced when its closed %s before anything was sent', async (how) => {
    const closed = how === 'resolves' ? Promise.resolve() : Promise.reject(new Error('reset'))
    const { connection, log } = faulty({ closed })
    await connection.execute('a').catch(() => {})
    await connection.execute('b')
    expect(log.slice(-2)).toEqual(['close 1', 'b on 2'])
  })

  it('is replaced when it is lost while it answers for itself', async () => {
    const lost = Promise.withResolvers<void>()
    const ping = async (): Promise<void> => lost.resolve()
    const { connection, log, state } = faulty({ closed: lost.promise, ping })
    await connection.execute('a')
    state.now += 6000
    await connection.execute('b')
    expect(log).toEqual(['a on 1', 'close 1', 'b on 2'])
  })

  it('is verified after a pause although its closed never settles', async () => {
    const { connection, log, state } = faulty({ closed: never() })
    await connection.execute('a')
    state.now += 6000
    await connection.execute('b')
    expect(log).toEqual(['a on 1', 'ping 1', 'b on 1'])
  })

  it('bounds the wait for a ping that was asked for', async () => {
    const { connection } = faulty({ ping: never }, { commandTimeout: 50 })
    const error = caught(connection.ping())
    await vi.advanceTimersByTimeAsync(50)
    expect(await error).toMatchObject({ code: 'LEX_ERR_INFRA_002' })
  })

  describe('closed while it is busy,', () => {
    it.each([
      ['opening', { connect: never }],
      ['asking for a sign of life', { ping: never }],
    ] as const)('closes at once in spite of %s', async (_what, faults) => {
      const { connection, log, state } = faulty(faults)
      if (!('connect' in faults)) await connection.execute('a')
      state.now += 6000
      const waiting = caught(connection.execute('b'))
      await vi.advanceTimersByTimeAsync(0)
      await connection.close()
      expect(await waiting).toBeInstanceOf(UsageError)
      expect(log.filter((line) => line.startsWith('b'))).toEqual([])
      expect(vi.getTimerCount()).toBe(0)
    })

    it('closes what opens although its opening was aborted', async () => {
      const gate = Promise.withResolvers<void>()
      const closes = vi.fn(async () => {})
      let given: AbortSignal | undefined
      const connect = async (signal: AbortSignal): Promise<Connection<string, string>> => {
        given = signal
        await gate.promise
        return { execute: never, ping: never, close: closes }
      }
      const { connection } = faulty({ connect })
      const waiting = caught(connection.execute('a'))
      await vi.advanceTimersByTimeAsync(0)
      await connection.close()
      expect([given?.aborted, await waiting]).toEqual([true, expect.any(UsageError)])
      gate.resolve()
      await vi.advanceTimersByTimeAsync(0)
      expect(closes).toHaveBeenCalledOnce()
    })

    it('leaves no timer behind', async () => {
      const slow = Promise.withResolvers<string>()
      const { connection } = faulty({ execute: () => slow.promise }, { idleTimeout: 5000 })
      const answer = connection.execute('slow')
      await vi.advanceTimersByTimeAsync(0)
      await connection.close()
      slow.resolve('done')
      await answer
      expect(vi.getTimerCount()).toBe(0)
    })
  })

  describe('a caller who leaves', () => {
    it('is not waited for by a driver that knows no signals, nor kept on the signal', async () => {
      const { connection } = faulty({ execute: never })
      const request = new AbortController()
      const off = vi.spyOn(request.signal, 'removeEventListener')
      const on = vi.spyOn(request.signal, 'addEventListener')
      const left = new Error('left')
      const answer = caught(connection.execute('a', request.signal))
      await vi.advanceTimersByTimeAsync(0)
      request.abort(left)
      expect(await answer).toBe(left)
      expect(off).toHaveBeenCalledTimes(on.mock.calls.length)
      expect(vi.getTimerCount()).toBe(0)
    })

    it('has nothing sent once the connection has opened', async () => {
      const gate = Promise.withResolvers<void>()
      const execute = vi.fn(async () => 'done')
      const connect = async (): Promise<Connection<string, string>> => {
        await gate.promise
        return { execute, ping: async () => {}, close: async () => {} }
      }
      const { connection } = faulty({ connect })
      const request = new AbortController()
      const left = caught(connection.execute('a', request.signal))
      const stays = connection.execute('b')
      await vi.advanceTimersByTimeAsync(0)
      request.abort(new Error('left'))
      expect(await left).toMatchObject({ message: 'left' })
      gate.resolve()
      expect(await stays).toBe('done')
      expect(execute).toHaveBeenCalledOnce()
    })

    it('leaves nothing on a signal that lives as long as the process', async () => {
      const { connection } = faulty({})
      const { signal } = new AbortController()
      const listeners = { on: vi.spyOn(signal, 'addEventListener'), off: vi.spyOn(signal, 'removeEventListener') }
      await Promise.all(Array.from({ length: 100 }, (_, i) => connection.execute(String(i), signal)))
      expect(listeners.off).toHaveBeenCalledTimes(listeners.on.mock.calls.length)
    })
  })

  describe('a driver that keeps to no contract', () => {
    it('throws at once', async () => {
      const connect = (): never => {
        throw new Error('no address')
      }
      const error = await caught(keepConnected({ name: 'ledger', connect }).execute('a'))
      expect(error).toBeInstanceOf(ConnectionError)
      expect(error).toMatchObject({ cause: { message: 'no address' } })
    })

    it.each([undefined, null, 'socket', {}, { execute() {} }])('connects to %o', async (given) => {
      const { connection } = faulty({ connect: async () => given as never })
      expect(await caught(connection.execute('a'))).toMatchObject({
        code: 'LEX_ERR_USE_001',
        hint: expect.stringContaining('connect()') as string,
      })
      await vi.advanceTimersByTimeAsync(0)
      expect(await connection.execute('b')).toBe('b done')
    })

    it.each([
      [
        'throws',
        () => {
          throw new Error('stuck')
        },
      ],
      ['gives nothing', () => undefined],
    ])('%s at close, which harms no command', async (_how, close) => {
      const { connection, errors } = faulty({ close: close as never, ping: () => Promise.reject(new Error('reset')) })
      await connection.execute('a')
      await caught(connection.ping())
      expect(await connection.execute('b')).toBe('b done')
      expect(errors.length).toBeLessThanOrEqual(1)
    })

    it('throws at close when it is idle, which is reported', async () => {
      const close = (): never => {
        throw new Error('stuck')
      }
      const { connection, errors } = faulty({ close }, { idleTimeout: 5 })
      await connection.execute('a')
      await vi.advanceTimersByTimeAsync(5)
      expect(errors).toMatchObject([{ message: 'stuck' }])
    })
  })

  it.each(['throws', 'rejects'])('is not harmed by an onConnect that %s', async (how) => {
    const fault = new Error('attached')
    const onConnect = (): unknown => {
      if (how === 'rejects') return Promise.reject(fault)
      throw fault
    }
    const { connection, errors, log } = faulty({}, { onConnect })
    expect(await connection.execute('a')).toBe('a done')
    await vi.advanceTimersByTimeAsync(0)
    expect([errors, log]).toEqual([[fault], ['a on 1']])
  })

  it('drops what an onError throws', async () => {
    const onError = (): never => {
      throw new Error('hook')
    }
    const close = (): Promise<never> => Promise.reject(new Error('stuck'))
    const { connection } = faulty({ close }, { idleTimeout: 5, onError })
    await connection.execute('a')
    await vi.advanceTimersByTimeAsync(5)
    expect(await connection.execute('b')).toBe('b done')
  })

  it.each([undefined, null, async () => ({}), Promise.resolve({})])('is not made of %o', (given) => {
    expect(() => keepConnected(given as never)).toThrow(UsageError)
  })

  it.each([{ verifyAfter: -1 }, { pingTimeout: Number.NaN }, { idleTimeout: '20s' as never }])(
    'refuses wrong times: %o',
    (options) => {
      expect(() => keepConnected(faulty({}).connectable, options)).toThrow(Object.keys(options)[0])
    },
  )
})
