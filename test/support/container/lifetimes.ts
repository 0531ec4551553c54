import { createContainer } from '../../../src/container/container.ts'
import { factory } from '../../../src/container/registration.ts'
import { token } from '../../../src/core/token.ts'

export const Single = token<object>('Single')
export const Scoped = token<{ single: object }>('Scoped')
export const Fresh = token<{ scoped: object }>('Fresh')

/** A container with one registration of each lifetime, each made with the one before. */
export const build = () =>
  createContainer()
    .singleton(
      Single,
      factory([], () => ({})),
    )
    .scoped(
      Scoped,
      factory([Single], (single) => ({ single })),
    )
    .transient(
      Fresh,
      factory([Scoped], (scoped) => ({ scoped })),
    )
    .seal()
