import { expectTypeOf, it } from 'vitest'
import * as setting from './schema.ts'
import type { InputOf } from './standard-schema.ts'

it('says what a schema takes', () => {
  expectTypeOf<InputOf<ReturnType<typeof setting.string>>>().toEqualTypeOf<string>()
  expectTypeOf<InputOf<ReturnType<typeof setting.duration>>>().toEqualTypeOf<number | string>()
  const word = setting.secret(setting.oneOf(['a', 'b']))
  expectTypeOf<InputOf<typeof word>>().toEqualTypeOf<'a' | 'b'>()
  const flags = setting.list(setting.boolean())
  expectTypeOf<InputOf<typeof flags>>().toEqualTypeOf<readonly (boolean | string)[] | string>()
})

it('makes a key optional where the value may be absent', () => {
  const pool = setting.object({
    url: setting.string(),
    size: setting.withDefault(setting.int(), 1),
    name: setting.optional(setting.string()),
  })
  expectTypeOf<InputOf<typeof pool>>().branded.toEqualTypeOf<{
    readonly url: string
    readonly size?: number | string | undefined
    readonly name?: string | undefined
  }>()
})
