import { describe, expect, it } from 'vitest'
import { refusalOf, runPipeline, sourceOf } from '../../../../test/support/aggregation/run-pipeline.ts'
import type { Document } from '../../query/value.ts'

describe('$graphLookup', () => {
  const source = sourceOf({
    people: [
      { _id: 1, boss: 2, office: 'a' },
      { _id: 2, boss: 3, office: 'a' },
      { _id: 3, boss: 1, office: 'b' },
      { _id: 4, boss: [1, 2], office: 'a' },
    ],
  })
  const spec = { from: 'people', startWith: '$boss', connectFromField: 'boss', connectToField: '_id', as: 'chain' }
  const ids = async (more: object, documents: readonly Document[]) =>
    (
      await runPipeline([{ $graphLookup: { ...spec, ...more } }, { $set: { chain: '$chain._id' } }], documents, {
        source,
      })
    ).map(({ chain }) => chain)

  it('follows a field through cycles and arrays to each document once', async () => {
    expect(await ids({}, [{ boss: 2 }, { boss: [3, 4] }, { boss: 99 }, {}])).toEqual([[2, 3, 1], [3, 4, 1, 2], [], []])
  })

  it('does not meet documents without the field, though null leads on', async () => {
    const some = sourceOf({ people: [{ _id: 1, boss: null }, { _id: 2 }, { _id: 3, boss: 7 }] })
    const stages = [{ $graphLookup: { ...spec, startWith: [null, 7], connectFromField: 'x', connectToField: 'boss' } }]
    const [made] = await runPipeline(stages, [{}], { source: some })
    expect(made?.['chain']).toEqual([
      { _id: 1, boss: null },
      { _id: 3, boss: 7 },
    ])
  })

  it('stops at a depth, which it can note', async () => {
    const [made] = await runPipeline([{ $graphLookup: { ...spec, maxDepth: 1, depthField: 'at' } }], [{ boss: 2 }], {
      source,
    })
    expect(made?.['chain']).toEqual([
      { _id: 2, boss: 3, office: 'a', at: 0n },
      { _id: 3, boss: 1, office: 'b', at: 1n },
    ])
    expect(await ids({ maxDepth: 0 }, [{ boss: 2 }])).toEqual([[2]])
  })

  it('goes on only from documents that match', async () => {
    expect(await ids({ restrictSearchWithMatch: { office: 'a' } }, [{ boss: 2 }, { boss: [4] }])).toEqual([
      [2],
      [4, 1, 2],
    ])
  })

  it.each([
    [{ from: undefined }, 'BadValue'],
    [{ maxDepth: -1 }, 'Location40101'],
    [{ maxDepth: 1.5 }, 'Location40102'],
    [{ maxDepth: 'x' }, 'Location40100'],
    [{ connectFromField: '$boss' }, 'Location16410'],
    [{ connectToField: 1 }, 'Location40103'],
    [{ restrictSearchWithMatch: 1 }, 'Location40185'],
    [{ more: 1 }, 'FailedToParse'],
  ])('refuses %j', async (more, reason) => {
    expect(await refusalOf([{ $graphLookup: { ...spec, ...more } }])).toBe(reason)
  })
})
