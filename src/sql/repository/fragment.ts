import { is, SQL, sql } from 'drizzle-orm'
import type { Statement, SqlText } from '../contract/driver.ts'
import type { SqlDialect } from '../drizzle/dialect.ts'

/** A value that becomes a parameter. */
export interface Bound {
  readonly bound: SqlText
}

/** A part of a statement: its text, a parameter, an expression of Drizzle's, or several parts in a row. */
export type Fragment = string | Bound | SQL | readonly Fragment[]

export function bound(value: SqlText): Bound {
  return { bound: value }
}

export function isBound(fragment: Fragment): fragment is Bound {
  return typeof fragment === 'object' && 'bound' in fragment
}

export function join(fragments: readonly Fragment[], separator: string): Fragment {
  return fragments.flatMap((fragment, i) => (i === 0 ? [fragment] : [separator, fragment]))
}

/** All of the conditions; of none, `true`. */
export function allOf(conditions: readonly Fragment[]): Fragment {
  return conditions.length === 0 ? 'true' : join(conditions, ' and ')
}

/** Numbers the parameters. What holds no expression is put together without Drizzle, which takes far longer. */
export function toStatement(fragment: Fragment, dialect: SqlDialect): Statement {
  const parts: (string | Bound | SQL)[] = []
  collect(fragment, parts)
  if (parts.some((part) => is(part, SQL))) return dialect.render(sql.join(parts.map(toChunk)))
  const params: SqlText[] = []
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') text += part
    else if ('bound' in part) text += `$${params.push(part.bound)}`
  }
  return { text, params }
}

function collect(fragment: Fragment, parts: (string | Bound | SQL)[]): void {
  if (isList(fragment)) for (const inner of fragment) collect(inner, parts)
  else parts.push(fragment)
}

function isList(fragment: Fragment): fragment is readonly Fragment[] {
  return Array.isArray(fragment)
}

function toChunk(part: string | Bound | SQL): SQL {
  if (typeof part === 'string') return sql.raw(part)
  return 'bound' in part ? sql`${part.bound}` : part
}
