import { cursorSecretAlias, cursorSecretSetting } from '../core/cursor/cursor-secret.ts'
import { boolean, duration, int, object, optional, string, withDefault } from '../core/setting/schema.ts'
import { databaseUrlSetting } from './database-url.ts'
import { section, type SectionValue } from '../core/setting/section.ts'

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
