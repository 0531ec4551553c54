import type { Section } from '../../src/core/setting/section.ts'
import { NoSqlConfig } from '../../src/nosql/config.ts'
import { DatabaseConfig } from '../../src/sql/config.ts'

/** The sections that the package itself reads. */
export const sections: readonly Section<unknown>[] = [DatabaseConfig, NoSqlConfig]
