import { joinedBytes } from '../../../core/joined-bytes.ts'
import { embeddedRefusal } from '../../../sql/provider/embedded-limits.ts'
import { bareText } from '../../../sql/session/statements/bare-text.ts'
import type { Query, Text } from './backend.ts'
import { message, type Frame } from '../protocol/frames.ts'

/** What the endpoint of an embedded database does not run: a server would refuse it, or could do it. */
const refusals = {
  copy: [
    '0A000',
    'the embedded database cannot copy from its client',
    'Use insert, or serve a server with --postgres.',
  ],
  login: [
    '42501',
    'permission denied to set session authorization',
    'Connect as the user that statements should run as.',
  ],
  timeout: [
    '0A000',
    'the embedded database cannot have this timeout',
    'Leave it out, or serve a server with --postgres.',
  ],
} as const

/** Raised by the database itself, so that a transaction fails as it does with any error. */
function raise(why: keyof typeof refusals): string {
  const [state, text, hint] = refusals[why]
  return `do $$ begin raise exception using errcode = '${state}', message = '${text}', hint = '${hint}'; end $$`
}

/** Whether a query waits for data of its client, which ends the embedded database. */
function copiesFromClient(query: string): boolean {
  return /\bcopy\b[^;]*\bfrom\s+stdin\b/is.test(bareText(query))
}

function refusedBy(text: string, params: readonly Text[]): string | undefined {
  const why = copiesFromClient(text) ? 'copy' : embeddedRefusal({ text, params })
  return why === undefined ? undefined : raise(why)
}

/** The query itself, or one in its place that fails. */
export function guardQuery(query: Query): Query {
  const refused = refusedBy(query.text, query.params)
  return refused === undefined ? query : { ...query, text: refused, params: [] }
}

/**
 * The same for the protocol messages of one connection, in their order: a statement's text and its parameters come in
 * different ones.
 *
 * @param onText receives the text of each statement, before it is run
 */
export function createFrameGuard(onText: (text: string) => void): (frame: Frame) => Uint8Array {
  /** Texts by the names of their statements, where parameters decide. */
  const setting = new Map<string, string>()
  return ({ type, bytes }) => {
    if (type !== 'Q' && type !== 'P' && type !== 'B') return bytes
    const [first = '', second = ''] = new TextDecoder().decode(bytes.subarray(5)).split('\0', 2)
    if (type === 'B') {
      const text = setting.get(second)
      const refused = text === undefined ? undefined : refusedBy(text, boundTexts(bytes))
      return refused === undefined ? bytes : joinedBytes([parse('', refused), bindNothing(first)])
    }
    onText(type === 'Q' ? first : second)
    if (type === 'Q') {
      const refused = refusedBy(first, [])
      return refused === undefined ? bytes : message('Q', refused)
    }
    setting.delete(first)
    if (/set_config|pg_settings/i.test(second)) setting.set(first, second)
    const refused = refusedBy(second, [])
    return refused === undefined ? bytes : parse(first, refused)
  }
}

function parse(name: string, text: string): Uint8Array {
  return message('P', name, text, new Uint8Array(2))
}

/** Binds the statement without a name, with no formats and no parameters. */
function bindNothing(portal: string): Uint8Array {
  return message('B', portal, '', new Uint8Array(6))
}

/** @see https://www.postgresql.org/docs/current/protocol-message-formats.html (Bind) */
function boundTexts(bytes: Uint8Array): readonly Text[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const afterPortal = bytes.indexOf(0, 5) + 1
  let at = bytes.indexOf(0, afterPortal) + 1
  at += 2 + 2 * view.getInt16(at)
  const count = view.getUint16(at)
  at += 2
  const texts: Text[] = []
  for (let i = 0; i < count; i++) {
    const length = view.getInt32(at)
    at += 4
    texts.push(length < 0 ? null : new TextDecoder().decode(bytes.subarray(at, at + Math.max(0, length))))
    at += Math.max(0, length)
  }
  return texts
}
