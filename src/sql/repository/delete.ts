import { sql, type SQL } from 'drizzle-orm'
import { UsageError } from '../../core/errors.ts'
import { isOneOf, confinedCondition, type Source } from './select.ts'

/** Marks rows as deleted where the rules say so, else removes them; `hard` also removes marked ones. */
export function deleteRows(source: Source, ids: readonly unknown[], hard: boolean): SQL {
  const { shape, rules } = source
  const { deleted } = rules
  const condition = isOneOf(shape, ids)
  if (deleted === undefined || hard)
    return sql`delete from ${shape.table} where ${confinedCondition(source, condition, true)}`
  const at = sql.param(rules.now(), deleted.column)
  const mark = sql`${sql.identifier(deleted.column.name)} = ${at}`
  return sql`update ${shape.table} set ${mark} where ${confinedCondition(source, condition)}`
}

/** @throws UsageError for a repository without soft deletion */
export function restoreRow(source: Source, id: unknown): SQL {
  const { shape, rules } = source
  const { deleted } = rules
  if (deleted === undefined) throw new UsageError('restore needs a repository with the softDelete option')
  const condition = sql`${isOneOf(shape, [id])} and ${deleted.column} is not null`
  const unmark = sql`${sql.identifier(deleted.column.name)} = null`
  return sql`update ${shape.table} set ${unmark} where ${confinedCondition(source, condition, true)}`
}
