import { describe, expectTypeOf, it } from 'vitest'
import type { Collection } from '../collection.ts'

declare const items: Collection
type Insertion = NonNullable<Parameters<Collection['insertOne']>[1]>
type Explanation = NonNullable<Parameters<Collection['explain']>[1]>

describe('The options of a method', () => {
  it('are those that an insertion can obey', () => {
    expectTypeOf<keyof Insertion>().toEqualTypeOf<'signal' | 'deadline' | 'session'>()
    expectTypeOf<keyof NonNullable<Parameters<Collection['insertMany']>[1]>>().toEqualTypeOf<
      'signal' | 'deadline' | 'session' | 'ordered'
    >()
  })

  it('are without a budget and a policy where nothing is read', () => {
    expectTypeOf<Extract<keyof Explanation, 'budget' | 'scans'>>().toEqualTypeOf<never>()
  })

  it('are without variables for an estimate', () => {
    expectTypeOf<
      Extract<keyof NonNullable<Parameters<Collection['estimatedDocumentCount']>[0]>, 'let'>
    >().toEqualTypeOf<never>()
  })

  it('are of the whole bulk write, and not of one operation', () => {
    const [filter, update] = [{ a: 1 }, { $set: { a: 2 } }]
    void items.bulkWrite([{ updateOne: { filter, update, upsert: true, let: { b: 1 } } }], {
      deadline: 1,
      scans: 'deny',
    })
    // @ts-expect-error the deadline is of the whole
    void items.bulkWrite([{ updateOne: { filter, update, deadline: 1 } }])
    // @ts-expect-error the signal is of the whole
    void items.bulkWrite([{ deleteMany: { filter, signal: new AbortController().signal } }])
    // @ts-expect-error the budget is of the whole
    void items.bulkWrite([{ replaceOne: { filter, replacement: {}, budget: {} } }])
    // @ts-expect-error the policy is of the whole
    void items.bulkWrite([{ deleteOne: { filter, scans: 'allow' } }])
  })
})
