import type { PgColumn } from 'drizzle-orm/pg-core'
import { npmVersion } from 'drizzle-orm/version'
import { UsageError } from '../../core/errors.ts'
import type { DrizzleVersion } from './version.ts'
import { isVersion0, version0 } from './version-0.ts'
import { isVersion1, version1 } from './version-1.ts'

/** The Drizzle that the application has, by what is in it: a number does not say it of candidates. */
export const drizzle: DrizzleVersion = isVersion1() ? version1 : isVersion0() ? version0 : refusing()

/** What a column is in JavaScript: `string`, `number`, `array`, and so on. Some versions say more after that. */
export function kindOf(column: PgColumn): string {
  if (drizzle.elementsOf(column) !== undefined) return 'array'
  return column.dataType.split(' ', 1)[0] ?? ''
}

/** The type of a column in SQL, with the brackets of an array, which 1.x leaves out. */
export function sqlTypeOf(column: PgColumn): string {
  const { leaf = column, depth = 0 } = drizzle.elementsOf(column) ?? {}
  return `${leaf.getSQLType()}${'[]'.repeat(depth)}`
}

/** Refuses when a database is opened; by the import alone nothing fails. */
function refusing(): DrizzleVersion {
  return {
    ...version0,
    open() {
      throw new UsageError(`drizzle-orm ${npmVersion} cannot be used: it has neither what 0.x has, nor 1.0.0-rc.5`, {
        hint: 'Install drizzle-orm 0.45.4 or 1.0.0-rc.5; docs/entry-points.md lists what is proven.',
      })
    },
  }
}
