import { describe, expect, it } from 'vitest'
import { ConnectionError, UsageError } from '../../core/errors.ts'
import type { Connectable, Connection } from './connectable.ts'
import { keepConnected } from './keep-connected.ts'
import type { KeepConnectedOptions } from './reconnecting-connection.ts'

/** A service whose connections can be made to fail, and that says what it has seen. */
function service() {
  const log: string[] = []
  const lost = new Map<number, () => void>()
  const state = { opened: 0, dead: new Set<number>(), mute: new Set<number>(), refusesConnections: false, now: 0 }
  const answer = (id: number): Promise<void> => {
    if (state.mute.has(id)) return new Promise(() => {})
    return state.dead.has(id) ? Promise.reject(new Error('reset')) : Promise.resolve()
  }
  const connectable: Connectable<string, string> = {
    name: 'ledger',
    async connect() {
      if (state.refusesConnections) throw new Error('refused at db.internal')
      const id = ++state.opened
      log.push(`open ${id}`)
      return {
        closed: new Promise<void>((resolve) => lost.set(id, resolve)),
        async execute(command) {
          log.push(`${command} on ${id}`)
          await answer(id)
          if (command === 'bad') throw new Error('no such command')
          return `${command} done`
        },
        async ping() {
          log.push(`ping ${id}`)
          await answer(id)
        },
        async close() {
          log.push(`close ${id}`)
        },
      }
    },
  }
  const keep = (options: KeepConnectedOptions = {}): Connection<string, string> =>
    keepConnected(connectable, { now: () => state.now, ...options })
  const lose = (id: number): void => {
    state.dead.add(id)
    lost.get(id)?.()
  }
  return { log, state, keep, connectable, lose }
}

describe('a kept connection', () => {
  it('opens with the first command, once for all who wait for it', async () => {
    const { keep, log } = service()
    const connection = keep()
    expect(log).toEqual([])
    await Promise.all(['a', 'b', 'c'].map((command) => connection.execute(command)))
    expect(log).toEqual(['open 1', 'a on 1', 'b on 1', 'c on 1'])
  })

  it('is pinged once after a pause', async () => {
    const { keep, log, state } = service()
    const connection = keep({ verifyAfter: 5000 })
    await connection.execute('a')
    state.now += 4999
    await connection.execute('b')
    state.now += 5000
    await Promise.all([connection.execute('c'), connection.execute('d')])
    expect(log).toEqual(['open 1', 'a on 1', 'b on 1', 'ping 1', 'c on 1', 'd on 1'])
  })

  it.each(['dead', 'mute'] as const)('is replaced when it is found %s after a pause', async (how) => {
    const { keep, log, state } = service()
    const connection = keep({ pingTimeout: 5 })
    await connection.execute('a')
    state[how].add(1)
    state.now += 60_000
    expect(await connection.execute('b')).toBe('b done')
    expect(log).toEqual(['open 1', 'a on 1', 'ping 1', 'close 1', 'open 2', 'b on 2'])
  })

  const afterFailure = async (): Promise<readonly string[]> => {
    const { keep, log, state } = service()
    const connection = keep()
    await connection.execute('a')
    state.dead.add(1)
    await expect(connection.execute('b')).rejects.toThrow('reset')
    expect(await connection.execute('c')).toBe('c done')
    return log
  }

  it('never sends a command that failed a second time', async () => {
    const log = await afterFailure()
    expect(log.filter((line) => line.startsWith('b'))).toEqual(['b on 1'])
  })

  it('is verified after a command that failed', async () => {
    const log = await afterFailure()
    expect(log.slice(-4)).toEqual(['ping 1', 'close 1', 'open 2', 'c on 2'])
  })

  it('a kept connection that is lost is replaced before the next command, which does not notice', async () => {
    const { keep, lose, log } = service()
    const connection = keep()
    await connection.execute('a')
    lose(1)
    await Promise.resolve()
    expect(await connection.execute('b')).toBe('b done')
    expect(log).toEqual(['open 1', 'a on 1', 'close 1', 'open 2', 'b on 2'])
  })

  it('outlives a command that the server has refused', async () => {
    const { keep, state } = service()
    const connection = keep()
    await expect(connection.execute('bad')).rejects.toThrow('no such command')
    await connection.execute('a')
    expect(state.opened).toBe(1)
  })

  it('says that it cannot be opened without saying where', async () => {
    const { keep, state } = service()
    const connection = keep()
    state.refusesConnections = true
    const error = await connection.execute('a').catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ConnectionError)
    expect((error as Error).message).toBe('the connection to ledger cannot be opened')
  })

  it('is opened by the next command when it could not be opened before', async () => {
    const { keep, state } = service()
    const connection = keep()
    state.refusesConnections = true
    await expect(connection.execute('a')).rejects.toThrow(ConnectionError)
    state.refusesConnections = false
    expect(await connection.execute('a')).toBe('a done')
  })

  it('closes what opens after it was given up', async () => {
    const { connectable, log } = service()
    const gate = Promise.withResolvers<void>()
    let given: AbortSignal | undefined
    const slow: Connectable<string, string> = {
      name: 'ledger',
      async connect(signal) {
        given = signal
        await gate.promise
        return connectable.connect(signal)
      },
    }
    await expect(keepConnected(slow, { connectTimeout: 5 }).execute('a')).rejects.toThrow('did not end within 5 ms')
    expect(given?.aborted).toBe(true)
    gate.resolve()
    await expect.poll(() => log).toEqual(['open 1', 'close 1'])
  })

  it('closes once while it is opening', async () => {
    const { keep, log } = service()
    const connection = keep()
    const first = connection.execute('a').catch(() => 'failed')
    await Promise.all([connection.close(), connection.close(), first])
    expect(log.filter((line) => line.startsWith('close'))).toEqual(['close 1'])
  })

  it('refuses commands once it is closed', async () => {
    const { keep, log } = service()
    const connection = keep()
    await connection.execute('a')
    await connection.close()
    await expect(connection.execute('b')).rejects.toThrow(UsageError)
    const unused = keep()
    await unused.close()
    expect(log).not.toContain('open 2')
  })

  it('gives up a command that is never answered', async () => {
    const { keep, log, state } = service()
    const connection = keep({ commandTimeout: 5, pingTimeout: 5 })
    await connection.execute('a')
    state.mute.add(1)
    await expect(connection.execute('b')).rejects.toThrow('a command to ledger did not end within 5 ms')
    expect(await connection.execute('c')).toBe('c done')
    expect(log.slice(-4)).toEqual(['ping 1', 'close 1', 'open 2', 'c on 2'])
  })

  it('sends nothing for a caller who has left', async () => {
    const { keep, log } = service()
    await expect(keep().execute('a', AbortSignal.abort(new Error('left')))).rejects.toThrow('left')
    expect(log).toEqual([])
  })

  it('is closed while it is unused', async () => {
    const { keep, log } = service()
    const connection = keep({ idleTimeout: 5 })
    await Promise.all([connection.execute('a'), connection.execute('b')])
    await expect.poll(() => log.at(-1)).toBe('close 1')
    expect(await connection.execute('c')).toBe('c done')
    await connection.close()
    expect(log.filter((line) => line.startsWith('open'))).toEqual(['open 1', 'open 2'])
  })

  it('tells when a connection that was given up does not close', async () => {
    const errors: unknown[] = []
    const stuck: Connectable = {
      name: 'ledger',
      connect: async () => ({
        execute: () => Promise.reject(new Error('reset')),
        ping: () => Promise.reject(new Error('reset')),
        close: () => Promise.reject(new Error('stuck')),
      }),
    }
    const connection = keepConnected(stuck, { onError: (error) => errors.push(error) })
    await connection.execute('a').catch(() => {})
    await connection.execute('b').catch(() => {})
    expect(errors).toMatchObject([{ message: 'stuck' }])
  })
})
