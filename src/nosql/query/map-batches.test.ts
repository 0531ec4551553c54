import { describe, expect, it } from 'vitest'
import { FULL_BATCH, mapBatches } from './map-batches.ts'
import { Meter } from './meter.ts'

const half = FULL_BATCH / 2

async function* of(...batches: readonly number[][]) {
  yield* batches
}

async function listOf<T>(batches: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const batch of batches) list.push(batch)
  return list
}

describe('mapBatches', () => {
  it('leaves out what is dropped', async () => {
    const batches = mapBatches(of([1, 2], [3]), new Meter(), () => (item) => (item === 3 ? undefined : item * 10))
    expect(await listOf(batches)).toEqual([[10, 20]])
  })

  it('ends a batch that needs many bytes', async () => {
    const meter = new Meter()
    const batches = mapBatches(of([1, 2, 3]), meter, () => (item) => (meter.allocate(half), item))
    expect(await listOf(batches)).toEqual([[1, 2], [3]])
  })

  it('counts what the preparation of a batch needs', async () => {
    const meter = new Meter()
    const batches = mapBatches(of([1, 2, 3]), meter, async () => {
      meter.allocate(half)
      return async (item) => (meter.allocate(half), item)
    })
    expect(await listOf(batches)).toEqual([[1], [2, 3]])
  })

  it('releases what a batch needed', async () => {
    const meter = new Meter()
    await listOf(mapBatches(of([1], [2]), meter, () => (item) => (meter.allocate(half), item)))
    expect(meter.allocated).toBe(0)
  })

  it('lets others have their turn within a batch', async () => {
    let rests = 0
    const meter = new Meter({ pause: async () => void rests++ })
    await listOf(mapBatches(of([1, 2]), meter, () => (item) => (meter.work(3_000_000), item)))
    expect(rests).toBe(2)
  })
})
