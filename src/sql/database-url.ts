import { createSchema, refuse, type Schema } from '../core/setting/schema-node.ts'
import { secret } from '../core/setting/schema.ts'
import type { Secret } from '../core/setting/secret.ts'

const shape = 'a URL such as postgresql://user:password@host/database'

/** A database's URL, or a binding that has one as `connectionString`, as that of Hyperdrive does. */
export function databaseUrlSetting(description: string): Schema<Secret<string>> {
  return secret(
    createSchema({ shape, description }, (input) => {
      const url: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, 'connectionString') : input
      return typeof url === 'string' && URL.canParse(url) ? { value: url } : refuse(`expected ${shape}`)
    }),
  )
}
