import { describe, expect, it } from 'vitest'
import { err, ok } from '../../core/result/result.ts'
import { decideOnce, runBatch, type BatchEntry, type BatchRun, type BatchSummary } from './run-batch.ts'

const fail = (): never => {
  throw new Error('no')
}

/** Runs items of which each is an id, optionally with a group in front (`a:1`), and tells what became of them. */
async function outcomeOf(
  ids: readonly string[],
  run: (id: string) => unknown,
  { item, ...options }: Partial<BatchRun> & { readonly item?: (id: string) => Partial<BatchEntry> } = {},
) {
  const errors: unknown[] = []
  const items = ids.map((id) => ({
    id,
    ...(id.includes(':') && { group: id.split(':')[0]! }),
    run: () => run(id),
    ...item?.(id),
  }))
  const onError = (error: unknown, subject?: string): void => void errors.push(`${subject}: ${String(error)}`)
  const { done, handedBack } = await runBatch(items, { source: 'test', onError, ...options })
  return { done: done.map(({ id }) => id), handedBack: handedBack.map(({ id }) => id), errors }
}

describe('runBatch', () => {
  const outcomes: Readonly<Record<string, readonly [isDone: boolean, run: () => unknown]>> = {
    'returns nothing': [true, () => {}],
    'returns a value': [true, () => false],
    'returns an Ok': [true, () => ok()],
    'returns an Err': [false, () => err('no')],
    throws: [false, fail],
    rejects: [false, () => Promise.reject(new Error('no'))],
  }
  it.each(Object.entries(outcomes))('an item that %s', async (_name, [isDone, run]) => {
    const outcome = await outcomeOf(['1'], run)
    expect(outcome).toMatchObject(isDone ? { done: ['1'], handedBack: [] } : { done: [], handedBack: ['1'] })
  })

  it.each([0, -1, Number.NaN, '2', null])(
    'a concurrency of %s is refused before any item runs',
    async (concurrency) => {
      const ran: string[] = []
      const outcome = outcomeOf(['1'], (id) => ran.push(id), { concurrency: concurrency as number })
      await expect(outcome).rejects.toThrow("'concurrency' must be a number of at least 1")
      expect(ran).toEqual([])
    },
  )

  it('a failure is reported with the item’s id', async () => {
    expect((await outcomeOf(['1', '2'], (id) => (id === '2' ? fail() : undefined))).errors).toEqual(['2: Error: no'])
  })

  it('a failure leaves items of other groups alone', async () => {
    const { done, handedBack } = await outcomeOf(['1', '2', '3'], (id) => (id === '2' ? fail() : undefined))
    expect([done, handedBack]).toEqual([['1', '3'], ['2']])
  })

  it('no item of a group begins after one that failed', async () => {
    const began: string[] = []
    const run = (id: string): unknown => (began.push(id), id === 'a:2' ? fail() : undefined)
    const { handedBack } = await outcomeOf(['a:1', 'b:1', 'a:2', 'a:3', 'b:2'], run)
    expect([began, handedBack]).toEqual([
      ['a:1', 'a:2', 'b:1', 'b:2'],
      ['a:2', 'a:3'],
    ])
  })

  it.each([
    [undefined, 1],
    [3, 3],
    [Infinity, 9],
  ])('runBatch with a concurrency of %s runs %i of nine items at the same time', async (concurrency, most) => {
    let running = 0
    let seen = 0
    const gate = Promise.withResolvers<void>()
    const run = async (): Promise<void> => {
      seen = Math.max(seen, ++running)
      // The event loop's turn comes when everything that may begin has begun.
      setImmediate(gate.resolve)
      await gate.promise
      running--
    }
    await outcomeOf(['1', '2', '3', '4', '5', '6', '7', '8', '9'], run, { concurrency })
    expect(seen).toBe(most)
  })

  it('what may not begin is handed back', async () => {
    let left = 2
    const { done, handedBack } = await outcomeOf(['1', '2', '3'], () => {}, { mayBegin: () => left-- > 0 })
    expect([done, handedBack]).toEqual([['1', '2'], ['3']])
  })

  it.each([
    ['ack', fail, { done: ['1'], handedBack: [] }],
    ['retry', () => {}, { done: [], handedBack: ['1'] }],
  ] as const)('a decision to %s overrides the outcome', async (decided, run, expected) => {
    let decision: 'ack' | 'retry' | undefined
    const item = () => ({ decision: () => decision })
    const outcome = await outcomeOf(['1'], () => ((decision = decided), run()), { item })
    expect(outcome).toMatchObject(expected)
  })

  it('an item that was decided before its turn does not run', async () => {
    const ran: string[] = []
    const item = (id: string) => ({ decision: () => (id === '2' ? ('ack' as const) : undefined) })
    expect((await outcomeOf(['1', '2'], (id) => ran.push(id), { item })).done).toEqual(['1', '2'])
    expect(ran).toEqual(['1'])
  })

  it('every item settles once, also what never began', async () => {
    const settled: unknown[] = []
    const item = (id: string) => ({ settle: (isDone: boolean) => void settled.push([id, isDone]) })
    await outcomeOf(['a:1', 'a:2', 'b:1'], (id) => (id === 'a:1' ? fail() : undefined), { item })
    expect(settled).toEqual([
      ['a:1', false],
      ['b:1', true],
      ['a:2', false],
    ])
  })

  it('a platform that refuses the outcome of an item is reported', async () => {
    const { errors, done } = await outcomeOf(['1'], () => {}, { item: () => ({ settle: fail }) })
    expect([errors, done]).toEqual([['1: Error: no'], ['1']])
  })

  it('the summary comes after the last item', async () => {
    const summaries: BatchSummary[] = []
    await outcomeOf(['1', '2'], (id) => (id === '1' ? fail() : undefined), {
      onBatch: (summary) => void summaries.push(summary),
    })
    expect(summaries).toEqual([{ source: 'test', done: ['2'], handedBack: ['1'] }])
  })

  it('a failure to take the summary is only reported', async () => {
    const outcome = await outcomeOf(['1'], () => {}, { onBatch: () => Promise.reject(new Error('full')) })
    expect(outcome).toEqual({ done: ['1'], handedBack: [], errors: ['undefined: Error: full'] })
  })
})

describe('decideOnce', () => {
  it('only the first decision is passed on', () => {
    const calls: unknown[] = []
    const { ack, retry, decision } = decideOnce({ ack: () => calls.push('ack'), retry: (given) => calls.push(given) })
    expect(decision()).toBeUndefined()
    retry({ delaySeconds: 3 })
    ack()
    retry()
    expect([decision(), calls]).toEqual(['retry', [{ delaySeconds: 3 }]])
  })

  it('a decision that the platform refuses does not count', () => {
    const { retry, decision } = decideOnce({ retry: fail })
    expect(() => retry()).toThrow('no')
    expect(decision()).toBeUndefined()
  })
})
