import { protocol, type PGlite } from '@electric-sql/pglite'
import { joinedBytes } from '../../../core/joined-bytes.ts'
import type { SqlText, Statement } from '../../contract/driver.ts'
import { taggedRows, type TaggedRows } from '../../contract/tagged-rows.ts'
import { DatabaseUnavailableError, QueryError } from '../../errors.ts'

const { serialize } = protocol

/**
 * Sends one statement in the extended protocol, as one message. Parameters and cells stay text, whatever types the
 * database knows. Take a turn first: direct users of the database are not kept out.
 */
export async function exchange(db: PGlite, { text, params }: Statement): Promise<TaggedRows> {
  if (db.closed) throw new DatabaseUnavailableError('the embedded database cannot be used: it is closed')
  const frames = [
    serialize.parse({ text }),
    serialize.bind({ values: [...params] }),
    serialize.describe({ type: 'P' }),
    serialize.execute({}),
    serialize.sync(),
  ]
  const answer = readMessages(await db.execProtocolStream(joinedBytes(frames)))
  if (!answer.copied) return taggedRows(answer.tag, answer.columns, answer.rows)
  throw new QueryError('a statement cannot copy to its client: a session has no such stream')
}

type Messages = Awaited<ReturnType<PGlite['execProtocolStream']>>

/** Their classes are not exported; they differ by name. */
interface Message {
  readonly name: string
  readonly fields?: readonly unknown[]
  readonly text?: string
}

function readMessages(messages: Messages) {
  let columns: { readonly name: string; readonly type: number }[] = []
  const rows: (readonly SqlText[])[] = []
  let tag = ''
  let copied = false
  for (const { name, fields = [], text = '' } of messages as readonly Message[]) {
    if (name === 'dataRow') rows.push(fields as readonly SqlText[])
    else if (name === 'commandComplete') tag = text
    else if (name === 'copyOutResponse') copied = true
    else if (name === 'rowDescription') {
      columns = (fields as readonly { name: string; dataTypeID: number }[]).map((field) => ({
        name: field.name,
        type: field.dataTypeID,
      }))
    }
  }
  return { columns, rows, tag, copied }
}
