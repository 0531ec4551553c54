import { describe, expect, it, vi } from 'vitest'
import { DuplicateKeyError } from '../../core/errors.ts'
import type { DriverContext } from '../contract/context.ts'
import { parseIndex, type IndexProgress } from '../contract/index-model.ts'
import { NoSQLConnectionError } from '../errors.ts'
import type { CatalogRecord, CatalogStorage } from './catalog-record.ts'
import { indexCatalog } from './index-catalog.ts'
import type { FillProgress, IndexWork } from './index-steps.ts'

const email = parseIndex('email', { unique: true })

/** One database, and any number of processes whose clock is the same. */
function database() {
  const clock = { now: 1_000_000 }
  const records = new Map<string, { readonly record: CatalogRecord; readonly revision: number }>()
  let reads = 0
  const storage: CatalogStorage<DriverContext> = {
    async read(collection) {
      reads++
      return records.get(collection)
    },
    async write(collection, { record, before }) {
      const known = records.get(collection)
      if (known?.revision !== before) return false
      records.set(collection, { record, revision: (known?.revision ?? 0) + 1 })
      return true
    },
  }
  return {
    clock,
    storage,
    context: { now: clock.now },
    reads: () => reads,
    state: () =>
      records.get('users')?.record.indexes.map(({ state, dropping }) => (dropping ? `${state}, dropping` : state)),
    /** A process with a catalogue of its own. What it waits for passes at once. */
    process: (owner: string, onSleep: (milliseconds: number) => void = () => undefined) =>
      indexCatalog({
        storage,
        owner,
        timeToLive: 1000,
        now: () => clock.now,
        sleep: async (milliseconds) => {
          clock.now += milliseconds
          onSleep(milliseconds)
          await Promise.resolve()
        },
      }),
  }
}

interface Log extends IndexWork {
  readonly calls: string[]
}

function work(pages: readonly (FillProgress | Error)[] = [{ cursor: 'end', documents: 3 }]): Log {
  const calls: string[] = []
  return {
    calls,
    async *fill(_model, cursor) {
      calls.push(`fill from ${String(cursor)}`)
      for (const page of pages) {
        if (page instanceof Error) throw page
        yield page
      }
    },
    activate: async () => void calls.push('activate'),
    clear: async () => void calls.push('clear'),
  }
}

describe('the catalogue of indexes', () => {
  it('asks again at once where the question of another call has had no answer for a second', async () => {
    const { clock, storage, context } = database()
    let reads = 0
    const dying = {
      ...storage,
      read: () => (++reads === 1 ? new Promise<never>(() => {}) : Promise.resolve(undefined)),
    }
    const catalog = indexCatalog({ storage: dying, now: () => clock.now })
    void catalog.indexes('users', context)
    clock.now += 1000
    vi.useFakeTimers()
    try {
      const asked = catalog.indexes('users', context)
      await vi.advanceTimersByTimeAsync(0)
      expect(reads).toBe(2)
      expect(await asked).toEqual({ maintained: [], usable: [] })
    } finally {
      vi.useRealTimers()
    }
  })

  it('reports each state of an index', async () => {
    const { process, context, state } = database()
    const told: IndexProgress[] = []
    const job = work()
    const catalog = process('a')
    await catalog.create('users', email, { work: job, context: { ...context, onProgress: (one) => told.push(one) } })
    expect(told.map((one) => `${one.state} ${one.documents}`)).toEqual([
      'writing 0',
      'writing 3',
      'backfilled 3',
      'ready 3',
    ])
    expect([job.calls, state()]).toEqual([['fill from undefined', 'activate'], ['ready']])
    expect((await catalog.indexes('users', context)).usable).toEqual([email])
  })

  it('lets no process index old documents before every other keeps up the new ones', async () => {
    const { process, context, clock } = database()
    const other = process('b')
    // As old as a catalogue can be when the index is begun.
    expect((await other.indexes('users', context)).maintained).toEqual([])
    const seen: unknown[] = []
    const job: IndexWork = {
      ...work(),
      async *fill() {
        seen.push((await other.indexes('users', context)).maintained, (await other.indexes('users', context)).usable)
        yield { cursor: 1, documents: 1 }
      },
    }
    const begun = clock.now
    await process('a').create('users', email, { work: job, context })
    expect(seen).toEqual([[email], []])
    expect(clock.now - begun).toBeGreaterThanOrEqual(3000)
  })

  it('asks the database once while what is known is young enough', async () => {
    const { process, context, reads, clock } = database()
    const catalog = process('a')
    await Promise.all([catalog.indexes('users', context), catalog.indexes('users', context)])
    await catalog.indexes('users', context)
    expect(reads()).toBe(1)
    clock.now += 1000
    await catalog.indexes('users', context)
    expect(reads()).toBe(2)
  })

  it('asks again where the call that has asked was aborted, or hangs', async () => {
    const { storage, context } = database()
    let asked = 0
    const catalog = indexCatalog({
      storage: {
        ...storage,
        read(collection, call) {
          asked++
          if (asked === 1) return Promise.reject(new Error('aborted'))
          return asked === 3 ? new Promise(() => undefined) : storage.read(collection, call)
        },
      },
    })
    const answers = await Promise.allSettled([catalog.indexes('users', context), catalog.indexes('users', context)])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    catalog.forget('users')
    void catalog.indexes('users', context)
    expect(await catalog.indexes('users', context)).toEqual({ maintained: [], usable: [] })
  })

  it('takes the indexes of a new collection as ready, once', async () => {
    const { process, context, state } = database()
    const catalog = process('a')
    expect(await catalog.declare('users', [email], context)).toBe(true)
    expect([state(), await catalog.indexes('users', context)]).toEqual([
      ['ready'],
      { maintained: [email], usable: [email] },
    ])
    expect(await process('b').declare('users', [], context)).toBe(false)
  })

  it('does not wait where writers have nothing to keep up', async () => {
    const { process, context, clock, state } = database()
    const begun = clock.now
    const catalog = process('a')
    const plain = { work: { clear: async () => undefined }, context }
    await catalog.create('users', email, plain)
    expect(state()).toEqual(['ready'])
    expect(await catalog.drop('users', 'email_1', plain)).toBe(true)
    expect([state(), clock.now - begun]).toEqual([[], 0])
  })

  it('does nothing for an index that is ready', async () => {
    const { process, context } = database()
    const catalog = process('a')
    await catalog.create('users', email, { work: work(), context })
    const again = work()
    await catalog.create('users', email, { work: again, context })
    expect(again.calls).toEqual([])
  })

  it('refuses an index that is there with other options', async () => {
    const { process, context } = database()
    const catalog = process('a')
    await catalog.create('users', email, { work: work(), context })
    const other = parseIndex('email', { sparse: true })
    await expect(catalog.create('users', other, { work: work(), context })).rejects.toMatchObject({
      reason: 'IndexKeySpecsConflict',
    })
  })

  it('takes back a unique index that the documents break', async () => {
    const { process, context, state } = database()
    const job = work([{ cursor: 1, documents: 1 }, new DuplicateKeyError('two of them')])
    await expect(process('a').create('users', email, { work: job, context })).rejects.toThrow('two of them')
    expect([job.calls, state()]).toEqual([['fill from undefined', 'clear'], []])
  })

  it('goes on where an interrupted process was, once its lease has run out', async () => {
    const { process, context, state } = database()
    const lost = work([{ cursor: 'half', documents: 500 }, new NoSQLConnectionError('gone')])
    await expect(process('a').create('users', email, { work: lost, context })).rejects.toThrow('gone')
    expect(state()).toEqual(['writing'])
    const rest = work()
    await process('b').create('users', email, { work: rest, context })
    expect([rest.calls, state()]).toEqual([['fill from half', 'activate'], ['ready']])
  })

  it('waits by its own clock where the one who began had another', async () => {
    const { process, storage, context, clock } = database()
    const late = { ...context, deadline: clock.now + 500 }
    await expect(process('a').create('users', email, { work: work(), context: late })).rejects.toThrow()
    // The clock of the next process is an hour ahead.
    let waited = 0
    const ahead = indexCatalog({
      storage,
      owner: 'b',
      timeToLive: 1000,
      now: () => clock.now + 3_600_000,
      sleep: async (milliseconds) => {
        clock.now += milliseconds
        waited += milliseconds
      },
    })
    await ahead.create('users', email, { work: work(), context })
    expect(waited).toBeGreaterThanOrEqual(3000)
  })

  it('is filled by one of two processes that create it at once', async () => {
    const { process, context, state } = database()
    const [one, two] = [work(), work()]
    await Promise.all([
      process('a').create('users', email, { work: one, context }),
      process('b').create('users', email, { work: two, context }),
    ])
    expect([...one.calls, ...two.calls]).toEqual(['fill from undefined', 'activate'])
    expect(state()).toEqual(['ready'])
  })

  it('drops an index after its last reader or writer', async () => {
    const { process, context, state } = database()
    const log: unknown[] = []
    const catalog = process('a', () => log.push(state()?.[0]))
    await catalog.create('users', email, { work: work(), context })
    log.length = 0
    const job = work()
    expect(await catalog.drop('users', 'email_1', { work: job, context })).toBe(true)
    expect([...new Set(log)]).toEqual(['backfilled, dropping', 'absent, dropping'])
    expect([job.calls, state()]).toEqual([['clear'], []])
    expect(await catalog.drop('users', 'email_1', { work: job, context })).toBe(false)
  })

  it('makes an index anew that was being dropped', async () => {
    const { process, context, state } = database()
    const catalog = process('a')
    await catalog.create('users', email, { work: work(), context })
    const failing: IndexWork = { ...work(), clear: () => Promise.reject(new NoSQLConnectionError('gone')) }
    await expect(catalog.drop('users', 'email_1', { work: failing, context })).rejects.toThrow('gone')
    expect(state()).toEqual(['absent, dropping'])
    expect(await catalog.list('users', context)).toEqual([{ ...email, state: 'absent' }])
    const job = work()
    await process('b').create('users', email, { work: job, context })
    expect([job.calls, state()]).toEqual([['clear', 'fill from undefined', 'activate'], ['ready']])
  })

  it('leaves an index to be finished after the deadline', async () => {
    const { process, context, clock, state } = database()
    const late = process('a').create('users', email, {
      work: work(),
      context: { ...context, deadline: clock.now + 500 },
    })
    await expect(late).rejects.toMatchObject({ code: 'LEX_ERR_INFRA_002' })
    expect(state()).toEqual(['writing'])
  })
})
