import { bareText } from '../../sql/session/bare-text.ts'
import { message, type Frame } from './frames.ts'

/** Raised by the database itself, so that a transaction fails as it does with any error. */
const refusal = `do $$ begin raise exception using errcode = '0A000',
  message = 'the embedded database cannot copy from its client',
  hint = 'Use insert, or serve a PostgreSQL server with --postgres.'; end $$`

/** Whether a query waits for data of its client, which ends the embedded database. */
export function copiesFromClient(query: string): boolean {
  return /\bcopy\b[^;]*\bfrom\s+stdin\b/is.test(bareText(query))
}

/** The query that is run in place of one that copies from its client. */
export function withoutCopy(query: string): string {
  return copiesFromClient(query) ? refusal : query
}

/** The same for a protocol message; those without a query pass as they are. */
export function frameWithoutCopy({ type, bytes }: Frame): Uint8Array {
  if (type !== 'Q' && type !== 'P') return bytes
  const [first = '', second = ''] = new TextDecoder().decode(bytes.subarray(5)).split('\0', 2)
  if (!copiesFromClient(type === 'Q' ? first : second)) return bytes
  return type === 'Q' ? message('Q', refusal) : message('P', first, refusal, new Uint8Array(2))
}
