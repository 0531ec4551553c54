import { describe, expectTypeOf, it } from 'vitest'
import { AggregationOp } from './accumulators.ts'
import { AggregationPipeline } from './pipeline-builder.ts'

interface Person {
  readonly dept: 'it' | 'hr'
  readonly salary: number
}

describe('AggregationPipeline<T>', () => {
  it('follows what a group yields', () => {
    const grouped = new AggregationPipeline<Person>().group('dept', {
      total: AggregationOp.SUM('$salary'),
      names: AggregationOp.PUSH<string>('$name'),
      other: { $stdDevPop: '$salary' },
    })
    expectTypeOf(grouped).toEqualTypeOf<
      AggregationPipeline<{ _id: 'it' | 'hr' | null; total: number; names: string[]; other: unknown }>
    >()
    grouped.sort([['total', -1]])
    // @ts-expect-error the group has no such field
    grouped.sort([['totla', -1]])
  })

  it('checks fields of an entity and admits any field of untyped documents', () => {
    new AggregationPipeline().sort([['anything', 1]]).unwind('tags')
    // @ts-expect-error no such field
    new AggregationPipeline<Person>().sort({ salry: 1 })
    expectTypeOf(new AggregationPipeline().count('n')).toEqualTypeOf<AggregationPipeline<{ n: number }>>()
    const whole = new AggregationPipeline().group({ _id: '$dept', n: AggregationOp.COUNT() })
    expectTypeOf(whole).toEqualTypeOf<AggregationPipeline<{ _id: unknown; n: number }>>()
  })
})
