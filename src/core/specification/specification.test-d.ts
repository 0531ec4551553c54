import { describe, expectTypeOf, it } from 'vitest'
import { and, not, or } from './combine.ts'
import { fieldContains, fieldEq, fieldExists, fieldGt, fieldIn } from './field.ts'
import { isSatisfiedBy } from './satisfies.ts'
import type { Specification } from './specification.ts'

interface User {
  readonly id: string
  readonly status: 'active' | 'inactive'
  readonly age?: number
  readonly tags: readonly string[]
  readonly address: { readonly city: string }
  readonly items: readonly { readonly sku: string; readonly count: number }[]
  greet(): string
}
declare function findBySpec(specification: Specification<User>): void

describe('Specification<T>', () => {
  it('takes the entity type from where it is used', () => {
    findBySpec(fieldEq('status', 'active'))
    findBySpec(
      and(fieldEq('tags', 'x'), or(fieldEq('items.sku', 'k'), fieldGt('items.count', 1)), not(fieldEq('age', null))),
    )
    findBySpec(fieldEq('status', 'active').and(fieldIn('address.city', ['Bonn'])))
    // @ts-expect-error no such status
    findBySpec(fieldEq('status', 'actve'))
    // @ts-expect-error no such field
    findBySpec(fieldEq('statuss', 'active'))
    // @ts-expect-error wrong type deep inside
    findBySpec(and(fieldEq('status', 'active'), fieldEq('items.count', 'many')))
    // @ts-expect-error a method is not a field
    findBySpec(fieldExists('greet'))
  })

  it('takes the entity type as an argument', () => {
    expectTypeOf(fieldEq<User>('address.city', 'Bonn')).toEqualTypeOf<Specification<User>>()
    // @ts-expect-error wrong type
    fieldEq<User>('age', 'old')
    // @ts-expect-error text search needs text
    fieldContains<User>('age', '1')
    // @ts-expect-error no order between true and false
    fieldGt('age', true)
  })

  it('an untyped specification fits every entity, a typed one only its own', () => {
    const active = fieldEq('status', 'active')
    findBySpec(active)
    findBySpec(active.and(fieldEq<User>('age', 3)))
    const typed = fieldEq<User>('age', 3)
    expectTypeOf(typed).not.toExtend<Specification<{ readonly name: string }>>()
    // @ts-expect-error the entity has no such field
    isSatisfiedBy(typed, { name: 'Ada' })
  })
})
