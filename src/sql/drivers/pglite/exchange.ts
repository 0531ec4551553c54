import { protocol, type PGlite } from '@electric-sql/pglite'
import { joinedBytes } from '../../../core/joined-bytes.ts'
import type { SqlText, Statement } from '../../contract/driver.ts'
import { taggedRows, type TaggedRows } from '../../contract/tagged-rows.ts'
import { AnswerTooLargeError, DatabaseUnavailableError, QueryError } from '../../errors.ts'

const { serialize } = protocol

/** What is left of the bytes that an answer may have. */
export interface AnswerBudget {
  left: number
  readonly max: number
}

/** Rows that are fetched first; how many come next depends on their size. */
const firstPortion = 100
const largestPortion = 10_000

/** Of a cursor that does not exist: what the database refuses undoes the statements before it. */
const refusal = joinedBytes([serialize.execute({ portal: 'lexigram_answer_too_large' }), serialize.sync()])
const sync = serialize.sync()

/**
 * Sends one statement in the extended protocol. Its rows are fetched in portions, so that an answer which is too large is
 * left before it was built; the statement is undone then. Parameters and cells stay text, whatever types the database
 * knows. Take a turn first: direct users of the database are not kept out.
 */
export async function exchange(db: PGlite, { text, params }: Statement, budget: AnswerBudget): Promise<TaggedRows> {
  if (db.closed) throw new DatabaseUnavailableError('the embedded database cannot be used: it is closed')
  const answer = createAnswer()
  let portion = firstPortion
  let frames = [
    serialize.parse({ text }),
    serialize.bind({ values: [...params] }),
    serialize.describe({ type: 'P' }),
    serialize.execute({ rows: portion }),
  ]
  try {
    for (;;) {
      // Nothing is kept before the Sync, which comes after the last portion.
      const bytes = readMessages(await db.execProtocolStream(joinedBytes(frames), { syncToFs: false }), answer)
      budget.left -= bytes
      if (budget.left < 0) break
      if (!answer.suspended) break
      portion = Math.min(largestPortion, Math.max(1, Math.ceil((budget.left * portion) / Math.max(1, bytes))))
      frames = [serialize.execute({ rows: portion })]
    }
  } catch (error) {
    await db.execProtocolStream(sync)
    throw error
  }
  if (budget.left < 0) {
    await db.execProtocolStream(refusal, { throwOnError: false })
    throw new AnswerTooLargeError(budget.max, 'undone')
  }
  await db.execProtocolStream(sync)
  if (answer.copied) throw new QueryError('a statement cannot copy to its client: a session has no such stream')
  const rows = taggedRows(answer.tag, answer.columns, answer.rows)
  // The tag counts the last portion only.
  return answer.portions > 1 ? { ...rows, rowCount: answer.rows.length } : rows
}

type Messages = Awaited<ReturnType<PGlite['execProtocolStream']>>

/** Their classes are not exported; they differ by name. */
interface Message {
  readonly name: string
  readonly length: number
  readonly fields?: readonly unknown[]
  readonly text?: string
}

interface Answer {
  columns: readonly { readonly name: string; readonly type: number }[]
  readonly rows: (readonly SqlText[])[]
  tag: string
  copied: boolean
  /** Whether there are more rows to fetch. */
  suspended: boolean
  portions: number
}

function createAnswer(): Answer {
  return { columns: [], rows: [], tag: '', copied: false, suspended: false, portions: 0 }
}

/** Adds messages to an answer. @returns how many bytes they had, as they arrived */
function readMessages(messages: Messages, answer: Answer): number {
  answer.suspended = false
  answer.portions++
  let bytes = 0
  for (const { name, length, fields = [], text = '' } of messages as readonly Message[]) {
    bytes += length
    if (name === 'dataRow') answer.rows.push(fields as readonly SqlText[])
    else if (name === 'commandComplete') answer.tag = text
    else if (name === 'portalSuspended') answer.suspended = true
    else if (name === 'copyOutResponse') answer.copied = true
    else if (name === 'rowDescription') {
      // By the protocol, a description has such fields.
      answer.columns = (fields as readonly { name: string; dataTypeID: number }[]).map((field) => ({
        name: field.name,
        type: field.dataTypeID,
      }))
    }
  }
  return bytes
}
