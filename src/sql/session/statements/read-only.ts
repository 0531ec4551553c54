import type { Statement } from '../../contract/driver.ts'
import { bareCalls, type BareCall } from './bare-calls.ts'
import { bareText } from './bare-text.ts'

const reads = /^[\s(]*(?:select|with|values|table|show)\b/i
/** Older servers let a keyword follow a number at once: `select 1into copy`. */
const writes =
  /(?<![a-z_$])(?:insert|update|delete|merge|truncate|into|call|do|copy|lock|create|alter|drop|grant|revoke)\b/i

/** What may precede a bracket in a statement that only reads: keywords, types and functions of PostgreSQL. */
const harmless = new Set(
  `all and any array as between case cast distinct else end except exists from group having in
  intersect lateral limit not offset on or row select some then union using
  values when where with
  bit char character decimal float interval numeric time timestamp timestamptz varbit varchar
  abs age array_agg array_length avg bool_and bool_or cardinality ceil ceiling char_length coalesce concat concat_ws
  count current_setting date_part date_trunc dense_rank every exp extract first_value floor format generate_series
  greatest json_agg json_array_length json_build_array json_build_object json_object_agg jsonb_agg jsonb_array_elements
  jsonb_array_length jsonb_build_array jsonb_build_object jsonb_object_agg lag last_value lead least left length lower
  lpad ltrim make_interval max md5 min mod now nullif octet_length overlay percentile_cont percentile_disc position
  power random rank regexp_replace repeat replace reverse right round row_number row_to_json rpad rtrim sign split_part
  set_config sqrt string_agg strpos substr substring sum to_char to_date to_json to_jsonb to_number to_timestamp to_tsquery
  to_tsvector trim trunc ts_rank unnest upper version`.split(/\s+/),
)

/** Keywords that may also be the names of functions: what precedes them decides. */
const keywordAfter: Readonly<Record<string, readonly string[]>> = {
  by: ['group', 'order', 'partition'],
  cube: ['by'],
  filter: [')'],
  join: ['inner', 'left', 'right', 'full', 'outer', 'cross', 'natural'],
  materialized: ['as', 'not'],
  over: [')'],
  rollup: ['by'],
  sets: ['grouping'],
  varying: ['bit', 'char', 'character'],
}

/**
 * Whether a statement is known to change nothing, so that it may be sent again when its answer was lost. A function that
 * is not PostgreSQL's own may do anything, so a statement that calls one is not known to. What a view, an operator, a cast
 * or a policy calls inside is not seen.
 */
export function isKnownReadOnly({ text }: Statement): boolean {
  // Whether a backslash hides the end of a string is a setting of the server's.
  if (text.includes('\\')) return false
  const bare = bareText(text)
  if (!reads.test(bare) || writes.test(bare)) return false
  for (const call of bareCalls(bare)) if (!isHarmless(call)) return false
  return true
}

function isHarmless({ word, before }: BareCall): boolean {
  if (word === '') return true
  if (before === '.') return false
  return harmless.has(word) || (Object.hasOwn(keywordAfter, word) && keywordAfter[word]?.includes(before) === true)
}
