import { sql, type SQL } from 'drizzle-orm'
import { formatArrayLiteral } from '../text-format/array-literal.ts'
import { operators, orderText } from './compare-text.ts'
import type { Comparer } from './comparer.ts'
import { isInKeyOrder, objectKeys, toJson, type ObjectKeys } from './json-value.ts'
import { isNumeric } from './number-bound.ts'

/** What `jsonb` refuses, as JSON says it: NUL, and halves of surrogate pairs. */
const refused = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/

/** Columns of `jsonb`, which orders the keys of objects in its own way. */
export const jsonbComparer: Comparer = {
  equality(expression, value) {
    const json = toJson(value)
    if (json === undefined || refused.test(json) || !isInKeyOrder(value)) return undefined
    return { expression, as: 'itself', parameter: json }
  },
  order(operand, kind, bound) {
    if (isNumeric(bound)) {
      const number = sql`${operand} ${operators[kind]} ${String(bound)}`
      return sql`(jsonb_typeof(${operand}) = 'number' and ${number})`
    }
    return typeof bound === 'string' ? orderText(stringOf(operand), kind, bound) : undefined
  },
  text: stringOf,
  isNull: (operand) => sql`(${operand} is null or ${operand} = 'null')`,
}

/** The text in a JSON string, NULL for everything else. */
function stringOf(operand: SQL): SQL {
  return sql`case when jsonb_typeof(${operand}) = 'string' then ${operand} #>> '{}' end`
}

/** Columns of `json`, which keeps what was written. */
export const jsonComparer: Comparer = {
  equals(operand, value) {
    const json = toJson(value)
    if (json === undefined) return undefined
    const same = sql`${operand}::text = ${json}`
    if (refused.test(json)) return same
    const orders = objectKeys(value).map((keys) => sql` and ${isOrdered(operand, keys)}`)
    return guarded(operand, sql`${operand}::jsonb = ${json}${sql.join(orders)}`, same)
  },
  order(operand, kind, bound) {
    const ordered = jsonbComparer.order?.(sql`${operand}::jsonb`, kind, bound)
    return ordered && guarded(operand, ordered, sql.raw('false'))
  },
  text: (operand) => guarded(operand, stringOf(sql`${operand}::jsonb`), sql.raw('null')),
  isNull: (operand) => sql`(${operand} is null or ${operand}::text ~ '^\\s*null\\s*$')`,
}

/** The same is not an error in `json`, which keeps it as it is written. */
function guarded(operand: SQL, usual: SQL, otherwise: SQL): SQL {
  return sql`case when ${operand}::text ~ '\\\\u(0000|[dD][89a-fA-F])' then ${otherwise} else ${usual} end`
}

/** Whether an object inside has its keys in this order; where a key occurs twice, the first place counts. */
function isOrdered(operand: SQL, { path, keys }: ObjectKeys): SQL {
  const found = sql`json_object_keys(${operand} #> ${formatArrayLiteral(path)}) with ordinality as found(key, place)`
  const firsts = sql`select key, min(place) as place from ${found} where key !~ '^(0|[1-9][0-9]{0,8})$' group by key`
  const inOrder = sql`select array_agg(key order by place) from (${firsts}) as firsts`
  return sql`(${inOrder}) = ${formatArrayLiteral(keys)}`
}
