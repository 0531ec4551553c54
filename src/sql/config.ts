import { cursorSecretAlias, cursorSecretSetting } from '../core/cursor/cursor-secret.ts'
import { boolean, duration, int, object, optional, string, withDefault, secret } from '../core/setting/schema.ts'
import { section, type SectionValue } from '../core/setting/section.ts'
import { createSchema, refuse, type Schema } from '../core/setting/schema-node.ts'
import type { Secret } from '../core/setting/secret.ts'

const urlShape = 'a URL such as postgresql://user:password@host/database'

/** Section `database`: `LEX_DATABASE__URL` or `DATABASE_URL`, `LEX_DATABASE__POOL_SIZE`, … */
export const DatabaseConfig = section(
  'database',
  object({
    url: databaseUrlSetting(
      'The database, with its credentials, or the binding of a Hyperdrive. The scheme picks the driver: `postgresql:`, `pglite:`.',
    ),
    driver: optional(string({ description: 'Name of a listed driver; without it the first that takes the URL.' })),
    echo: withDefault(
      boolean({ description: 'Hands every call to the logger of `sqlProvider`, without parameters.' }),
      false,
    ),
    poolSize: withDefault(
      int({
        min: 1,
        max: 1000,
        description: 'Most connections or requests that one holder has open.',
      }),
      20,
    ),
    poolTimeout: withDefault(duration({ unit: 's', description: 'Longest wait for one, in seconds.' }), 30),
    statementTimeout: withDefault(
      duration({
        unit: 's',
        min: 1,
        description: 'Longest time for one call, COMMIT and ROLLBACK included, in seconds.',
      }),
      30,
    ),
    cursorSecret: cursorSecretSetting(),
  }),
  {
    aliases: { url: ['DATABASE_URL', 'HYPERDRIVE'], cursorSecret: cursorSecretAlias },
    description: 'The SQL database.',
  },
)
export type DatabaseConfig = SectionValue<typeof DatabaseConfig>

/** A database's URL, or a binding that has one as `connectionString`, as that of Hyperdrive does. */
function databaseUrlSetting(description: string): Schema<Secret<string>> {
  return secret(
    createSchema({ shape: urlShape, description }, (input) => {
      const url: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, 'connectionString') : input
      return typeof url === 'string' && URL.canParse(url) ? { value: url } : refuse(`expected ${urlShape}`)
    }),
  )
}
