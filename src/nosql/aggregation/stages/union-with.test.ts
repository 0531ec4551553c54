import { describe, expect, it } from 'vitest'
import { refusalOf, runPipeline, sourceOf } from '../../../../test/support/aggregation/run-pipeline.ts'

describe('$unionWith', () => {
  const source = sourceOf({ others: [{ n: 3 }, { n: 4 }] })

  it('adds another collection, as it is or through a pipeline', async () => {
    expect(await runPipeline([{ $unionWith: 'others' }], [{ n: 1 }], { source })).toEqual([
      { n: 1 },
      { n: 3 },
      { n: 4 },
    ])
    const stages = [{ $unionWith: { coll: 'others', pipeline: [{ $match: { n: 4 } }] } }]
    expect(await runPipeline(stages, [{ n: 1 }], { source })).toEqual([{ n: 1 }, { n: 4 }])
    expect(await runPipeline([{ $unionWith: 'nothing' }], [{ n: 1 }], { source })).toEqual([{ n: 1 }])
    expect(await runPipeline([{ $unionWith: { pipeline: [{ $documents: [{ n: 9 }] }] } }], [])).toEqual([{ n: 9 }])
  })

  it.each([
    [1, 'FailedToParse'],
    [{}, 'FailedToParse'],
    ['', 'InvalidNamespace'],
    [{ coll: 'x', pipeline: 1 }, 'TypeMismatch'],
    [{ pipeline: [{ $limit: 1 }] }, 'InvalidNamespace'],
    [{ coll: 'x', pipeline: [{ $merge: 'y' }] }, 'Location40600'],
    [{ coll: 'x', other: 1 }, 'FailedToParse'],
  ])('refuses %j', async (spec, reason) => {
    expect(await refusalOf([{ $unionWith: spec }])).toBe(reason)
  })
})

describe('$documents', () => {
  it('begins a pipeline', async () => {
    expect(await runPipeline([{ $documents: [{ a: { $add: [1, 2] } }] }, { $match: { a: 3 } }])).toEqual([{ a: 3 }])
  })

  it('refuses values that are not lists of objects', async () => {
    expect(await refusalOf([{ $documents: 1 }])).toBe('Location5858203')
    expect(await refusalOf([{ $documents: [1] }])).toBe('Location40228')
  })
})
