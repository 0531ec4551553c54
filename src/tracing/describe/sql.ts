import { replaceQuoted } from '../../core/quoted-sql.ts'
import type { SqlOperation } from '../../core/tracing/operation.ts'
import type { Described } from './described.ts'

/** Longer statements are cut: a list of a thousand values says no more than its beginning. */
const longestText = 2_000

/** Statements that a call carries for its settings; they are not what it is about. */
const settings = /^select (?:pg_catalog\.)?set_config\(/

/** @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/ */
export function describeSql({ statements }: SqlOperation): Described {
  const texts = statements.map(({ text }) => text)
  const own = texts.length > 1 && settings.test(texts[0]!) ? texts.slice(1) : texts
  const summaries = own.map(summaryOf)
  const isBatch = own.length > 1
  const operations = [...new Set(summaries.map(operationOf))]
  const operation = operations.length === 1 ? operations[0]! : ''
  const distinct = [...new Set(summaries)]
  const summary = isBatch ? ['BATCH', ...distinct].join(' ').slice(0, 255) : (distinct[0] ?? '')
  return {
    name: summary === '' ? 'postgresql' : summary,
    kind: 'client',
    attributes: {
      'db.system.name': 'postgresql',
      'db.operation.name': isBatch ? ['BATCH', operation].join(' ').trim() : operation || undefined,
      'db.query.summary': summary || undefined,
      'db.query.text': own.map(redacted).join('; ').slice(0, longestText),
      'db.operation.batch.size': isBatch ? own.length : undefined,
    },
  }
}

/** Without literals and comments: what is data becomes `?`. Parameters have their `$1`. */
function redacted(text: string): string {
  return replaceQuoted(text, {
    // What was opened and never closed may be data.
    quoted: (part, isClosed) => (isClosed && part.startsWith('"') ? part : /^(?:--|\/\*)/.test(part) ? ' ' : '?'),
    bare: (part) => part.replaceAll(/(?<![\w$.])(?:\d[\w.]*|\.\d\w*)/g, '?'),
  }).trim()
}

/** The verb and the first table: `SELECT products`. */
function summaryOf(text: string): string {
  const bare = replaceQuoted(text, { quoted: (part) => (/^"\w+"$/.test(part) ? part.slice(1, -1) : ' ') }).trim()
  const verb = /\b(?:select|insert|update|delete|merge)\b/i.exec(bare)?.[0] ?? /^\w+/.exec(bare)?.[0] ?? ''
  const table = /\b(?:from|into|update)\s+(?:only\s+)?([a-z_][\w.]*)/i.exec(bare)?.[1]
  return [verb.toUpperCase(), table].filter(Boolean).join(' ')
}

function operationOf(summary: string): string {
  return summary.split(' ', 1)[0] ?? ''
}
