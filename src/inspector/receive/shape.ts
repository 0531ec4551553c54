import type { AttributeValue } from '../../core/tracing/tracer.ts'
import type { SpanRecord } from '../wire.ts'

/** What calls have in common that differ in nothing but their parameters. */
export interface Shape {
  readonly key: string
  readonly system: string
  /** `SELECT products`. */
  readonly summary: string
  /** The statement; for documents the operation and how it is answered. */
  readonly text: string
}

/** The shape of a call of a database; undefined for everything else, such as one of the requests that a call is made of. */
export function shapeOf({ attributes, name, kind }: SpanRecord): Shape | undefined {
  const system = attributes['db.system.name']
  const query = attributes['db.query.text']
  if (kind !== 'client' || typeof system !== 'string') return undefined
  if (query === undefined && attributes['db.query.summary'] === undefined) return undefined
  const text = typeof query === 'string' ? withoutLists(query) : planOf(name, attributes)
  return { key: JSON.stringify([system, text]), system, summary: String(attributes['db.query.summary'] ?? name), text }
}

/** Lists of any length are one shape: `in ($1, $2, $3)`, `values (…), (…)`. */
function withoutLists(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\(\s*(?:\$\d+|\?)(?:\s*,\s*(?:\$\d+|\?))+\s*\)/g, '(…)')
    .replaceAll(/\(…\)(?:\s*,\s*\(…\))+/g, '(…), …')
}

function planOf(name: string, attributes: Readonly<Record<string, AttributeValue>>): string {
  const access = attributes['lexigram.plan.access']
  const index = attributes['lexigram.plan.index']
  const residual = attributes['lexigram.plan.residual']
  return [
    name,
    ...(access === undefined ? [] : [`by ${access}`]),
    ...(index === undefined ? [] : [`of ${index}`]),
    ...(residual === undefined ? [] : [`then ${residual}`]),
  ].join(' ')
}
