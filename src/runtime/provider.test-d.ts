import { expectTypeOf, it } from 'vitest'
import { token } from '../core/token.ts'
import { factory } from '../container/registration.ts'
import { provider, type RegistrationChoice } from './provider.ts'

const One = token<number>('One')
const Two = token<number>('Two')
const one = factory([], () => 1)

it('takes a chain of registrations as the whole of register', () => {
  expectTypeOf(provider).toBeCallableWith('numbers', { register: (c) => c.scoped(One, one).alias(Two, One) })
  expectTypeOf(provider).toBeCallableWith('numbers', { register: async (c) => c.value(One, await Promise.resolve(1)) })
  expectTypeOf(provider).toBeCallableWith('numbers', { boot: (c) => c.bind(One, 2) })
})

it('refuses promises that nothing would await', () => {
  const work = async () => {}
  // @ts-expect-error: a list of promises is not awaited
  provider('numbers', { register: () => [work(), work()] })
  // @ts-expect-error: the one inside a promise is not awaited either
  provider('numbers', { boot: async () => [work()] })
  // @ts-expect-error: a choice registers at once
  const choice: RegistrationChoice = { name: 'late', register: async (container) => void container.value(One, 1) }
  expectTypeOf(choice).toEqualTypeOf<RegistrationChoice>()
})
