import { expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import type { TokenValue } from '../core/token.ts'
import { defineConfig, type ConfigDefinition } from './define-config.ts'
import * as setting from '../core/setting/schema.ts'
import type { Secret } from '../core/setting/secret.ts'
import { section, type SectionValue } from '../core/setting/section.ts'

const Mail = section(
  'mail',
  setting.object({
    host: setting.string(),
    port: setting.withDefault(setting.int(), 25),
    password: setting.optional(setting.secret(setting.string())),
    mode: setting.oneOf(['plain', 'tls']),
    relays: setting.list(setting.object({ name: setting.string() })),
  }),
)
interface MailValue {
  readonly host: string
  readonly port: number
  readonly password: Secret<string> | undefined
  readonly mode: 'plain' | 'tls'
  readonly relays: readonly { readonly name: string }[]
}

it('a section carries the type of its value, also as a token', () => {
  expectTypeOf<SectionValue<typeof Mail>>().toEqualTypeOf<MailValue>()
  expectTypeOf<TokenValue<typeof Mail>>().toEqualTypeOf<MailValue>()
})

it('a loaded configuration has a typed value for each key, foreign schemas by their output', () => {
  const definition = defineConfig({ mail: Mail, catalog: z.object({ pageSize: z.string().transform(Number) }) })
  expectTypeOf<Awaited<ReturnType<ConfigDefinition<{ mail: typeof Mail }>['load']>>>().toEqualTypeOf<{
    readonly mail: MailValue
  }>()
  expectTypeOf<TokenValue<typeof definition.sections.catalog>>().toEqualTypeOf<{ pageSize: number }>()
  expectTypeOf(definition.sections.mail).toEqualTypeOf<typeof Mail>()
})

it('a secret is not a string', () => {
  expectTypeOf<Secret<string>>().not.toExtend<string>()
  expectTypeOf<Secret<string>>().not.toEqualTypeOf<Secret<number>>()
})
