import { describe, expect, it } from 'vitest'
import { refusalOf, runPipeline } from '../../../../test/support/aggregation/run-pipeline.ts'
import type { Document } from '../../query/value.ts'

const day = (date: string): Date => new Date(`2024-${date}T00:00:00Z`)

describe('$densify', () => {
  const densify = async (spec: object, documents: readonly Document[]) =>
    runPipeline([{ $densify: { field: 'v', ...spec } }], documents)
  const at = (documents: readonly Document[]) => documents.map(({ v }) => v)

  it('fills between the first and the last value', async () => {
    const spec = { range: { step: 2, bounds: 'full' } }
    expect(at(await densify(spec, [{ v: 7 }, { v: 1 }, { v: 4 }, {}]))).toEqual([undefined, 1, 3, 4, 5, 7])
    expect(await densify(spec, [])).toEqual([])
  })

  it('fills between bounds, of which the upper is left out', async () => {
    const spec = { range: { step: 1, bounds: [0, 3] } }
    expect(at(await densify(spec, [{ v: -5 }, { v: 1.5 }, { v: 9 }]))).toEqual([-5, 0, 1, 1.5, 2, 9])
    expect(at(await densify(spec, [{ v: 1 }]))).toEqual([0, 1, 2])
    expect(at(await densify(spec, []))).toEqual([0, 1, 2])
  })

  it('steps through dates, by months too', async () => {
    const spec = { range: { step: 1, unit: 'month', bounds: 'full' } }
    expect(at(await densify(spec, [{ v: day('01-15') }, { v: day('04-15') }]))).toEqual(
      ['01-15', '02-15', '03-15', '04-15'].map(day),
    )
    const days = { range: { step: 12, unit: 'hour', bounds: [day('01-01'), day('01-02')] } }
    expect(at(await densify(days, []))).toEqual([day('01-01'), new Date('2024-01-01T12:00:00Z')])
  })

  it('fills each partition on its own, or all to the same ends', async () => {
    const documents = [
      { k: 'a', v: 1 },
      { k: 'a', v: 3 },
      { k: 'b', v: 2 },
      { k: 'b', v: 4 },
    ]
    const partitioned = await densify({ partitionByFields: ['k'], range: { step: 1, bounds: 'partition' } }, documents)
    expect(partitioned).toEqual([
      { k: 'a', v: 1 },
      { k: 'a', v: 2 },
      { k: 'a', v: 3 },
      { k: 'b', v: 2 },
      { k: 'b', v: 3 },
      { k: 'b', v: 4 },
    ])
    const full = await densify({ partitionByFields: ['k'], range: { step: 1, bounds: 'full' } }, documents)
    const sorted = await runPipeline([{ $sort: { k: 1, v: 1 } }], full)
    expect(sorted).toEqual(['a', 'b'].flatMap((k) => [1, 2, 3, 4].map((v) => ({ k, v }))))
  })

  it('ends before it makes too many documents', async () => {
    expect(await refusalOf([{ $densify: { field: 'v', range: { step: 1e-9, bounds: [0, 1] } } }])).toBe(
      'LEX_ERR_NOSQL_010',
    )
  })

  it.each([
    [{ range: { step: 0, bounds: 'full' } }, 'Location5733401'],
    [{ range: { step: 'x', bounds: 'full' } }, 'TypeMismatch'],
    [{ range: { step: 1, bounds: 'other' } }, 'Location5946802'],
    [{ range: { step: 1, bounds: [1] } }, 'Location5733403'],
    [{ range: { step: 1, bounds: [2, 1] } }, 'Location5733402'],
    [{ range: { step: 1, bounds: [1, day('01-01')] } }, 'Location5733406'],
    [{ range: { step: 1, bounds: [day('01-01'), day('01-02')] } }, 'Location5733410'],
    [{ range: { step: 1, unit: 'day', bounds: [1, 2] } }, 'Location5733409'],
    [{ range: { step: 1.5, unit: 'day', bounds: 'full' } }, 'Location6586400'],
    [{ range: { step: 1, bounds: 'partition' } }, 'Location5733408'],
    [{ range: { step: 1, bounds: 'full' }, partitionByFields: ['v'] }, 'Location8993000'],
    [{}, 'FailedToParse'],
  ])('refuses %j', async (spec, reason) => {
    expect(await refusalOf([{ $densify: { field: 'v', ...spec } }])).toBe(reason)
  })

  it('refuses values that are neither numbers nor dates', async () => {
    const stages = [{ $densify: { field: 'v', range: { step: 1, bounds: 'full' } } }]
    expect(await refusalOf(stages, [{ v: 'x' }])).toBe('Location5733201')
    expect(await refusalOf(stages, [{ v: day('01-01') }])).toBe('Location6053600')
  })
})

describe('$fill', () => {
  it('fills with a value, the last value, or one in between', async () => {
    const documents = [{ t: 0, a: 0 }, { t: 1 }, { t: 4, a: 8, b: null }]
    const stages = [
      { $fill: { sortBy: { t: 1 }, output: { a: { method: 'linear' }, b: { value: { $add: ['$t', 1] } } } } },
    ]
    expect(await runPipeline(stages, documents)).toEqual([
      { t: 0, a: 0, b: 1 },
      { t: 1, a: 2, b: 2 },
      { t: 4, a: 8, b: 5 },
    ])
    expect(await runPipeline([{ $fill: { output: { a: { method: 'locf' } } } }], documents)).toEqual([
      { t: 0, a: 0 },
      { t: 1, a: 0 },
      { t: 4, a: 8, b: null },
    ])
  })

  it('stays within partitions', async () => {
    const documents = [{ k: 1, v: 'a' }, { k: 2 }, { k: 1 }]
    const expected = [
      { k: 1, v: 'a' },
      { k: 1, v: 'a' },
      { k: 2, v: null },
    ]
    const output = { v: { method: 'locf' } }
    expect(await runPipeline([{ $fill: { partitionBy: '$k', output } }], documents)).toEqual(expected)
    expect(await runPipeline([{ $fill: { partitionByFields: ['k'], output } }], documents)).toEqual(expected)
  })

  it.each([
    [1, 'FailedToParse'],
    [{}, 'FailedToParse'],
    [{ output: {} }, 'Location6050203'],
    [{ output: { a: 1 } }, 'Location6050200'],
    [{ output: { a: { method: 'x' } } }, 'Location6050202'],
    [{ output: { a: { method: 'locf', value: 1 } } }, 'Location6050201'],
    [{ output: { a: { method: 'linear' } } }, 'Location605001'],
    [{ output: { a: { value: 1 } }, partitionBy: '$k', partitionByFields: ['k'] }, 'Location6050204'],
    [{ output: { a: { value: 1 } }, partitionByFields: ['$k'] }, 'Location16410'],
  ])('refuses %j', async (spec, reason) => {
    expect(await refusalOf([{ $fill: spec }])).toBe(reason)
  })
})
