import { createApplication, defineConfig, type Application, type ApplicationOptions } from 'lexigram-edge'
import { NoSqlConfig, noSqlProvider, type DocumentDriver } from 'lexigram-edge/nosql'
import { DatabaseConfig, sqlProvider, type DatabaseDriver } from 'lexigram-edge/sql'
import { catalog } from './catalog.ts'
import { community } from './community.ts'
import { CatalogConfig } from './config.ts'
import { routes } from './routes.ts'
import * as schema from './schema.ts'

/** The drivers that an entry point bundles; configuration chooses among them. */
export interface Drivers {
  readonly sql: readonly DatabaseDriver[]
  readonly nosql: readonly DocumentDriver[]
  /** Where errors go that do not become an answer. @default the console */
  readonly onError?: ApplicationOptions['onError']
}

export const createApp = ({ sql, nosql, onError }: Drivers): Application =>
  createApplication({
    name: 'catalog',
    config: defineConfig({ database: DatabaseConfig, nosql: NoSqlConfig, catalog: CatalogConfig }),
    providers: [sqlProvider({ drivers: sql, schema }), noSqlProvider({ drivers: nosql }), catalog, community],
    fetch: routes.fetch,
    ...(onError && { onError }),
  })
