import { expect, it } from 'vitest'
import { createContainer } from './container.ts'
import { factory } from './registration.ts'
import { token } from '../core/token.ts'

it('says how to correct what keeps a container from being sealed, each remedy once', () => {
  const session = token<object>('Session')
  const cache = token<object>('Cache')
  const index = token<object>('Index')
  const make = (): object => ({})
  const registrations = createContainer()
    .scoped(session, factory([], make))
    .singleton(cache, factory([session], make))
    .singleton(index, factory([session, token<object>('Missing')], make))
  expect(() => registrations.seal()).toThrow(
    expect.objectContaining({
      hint: expect.stringMatching(/^(?=.*as scoped)(?=.*in a provider)(?!.*as scoped.*as scoped)/),
    }),
  )
})
