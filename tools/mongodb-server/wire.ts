import { withVendorIds } from './vendor-ids.ts'
import { BSON } from 'mongodb'

/** A command as it came: its fields, `$db` among them, with document sequences put back into their fields. */
export type Command = Readonly<Record<string, unknown>>
export type Reply = Readonly<Record<string, unknown>>

/** One request of the wire protocol. */
export interface Message {
  readonly requestId: number
  readonly command: Command
  /** The old message that opens a connection, which is answered in its own form. */
  readonly isLegacyHello: boolean
  /** The client waits for no answer: an unacknowledged write. */
  readonly isOneWay: boolean
}

const opMsg = 2013
const opQuery = 2004
const opReply = 1
const moreToCome = 2
export const headerBytes = 16

/** Longest message that is read, as MongoDB has it. */
const maxMessageBytes = 48_000_000

/**
 * Takes the whole messages off the front of what has been received.
 *
 * @see https://github.com/mongodb/specifications/blob/master/source/message/OP_MSG.md
 * @throws Error for what is not the wire protocol; the connection cannot go on then
 */
export function takeMessages(received: Buffer): { readonly messages: readonly Message[]; readonly rest: Buffer } {
  const messages: Message[] = []
  let rest = received
  while (rest.length >= headerBytes) {
    const length = rest.readInt32LE(0)
    if (length < headerBytes || length > maxMessageBytes) throw new Error(`a message of ${length} bytes`)
    if (rest.length < length) break
    messages.push(readMessage(rest.subarray(0, length)))
    rest = rest.subarray(length)
  }
  return { messages, rest }
}

function readMessage(message: Buffer): Message {
  const requestId = message.readInt32LE(4)
  const operation = message.readInt32LE(12)
  if (operation === opQuery) {
    const query = message.subarray(message.indexOf(0, headerBytes + 4) + 1 + 8)
    return { requestId, command: { ...readDocument(query), $db: 'admin' }, isLegacyHello: true, isOneWay: false }
  }
  if (operation !== opMsg) throw new Error(`a message of operation ${operation}`)
  const isOneWay = (message.readUInt32LE(headerBytes) & moreToCome) !== 0
  return { requestId, command: readSections(message.subarray(headerBytes + 4)), isLegacyHello: false, isOneWay }
}

function readSections(sections: Buffer): Command {
  const command: Record<string, unknown> = {}
  let at = 0
  while (at < sections.length) {
    const isSequence = sections[at] === 1
    const section = sections.subarray(at + 1, at + 1 + sections.readInt32LE(at + 1))
    if (isSequence) Object.assign(command, readSequence(section))
    else Object.assign(command, readDocument(section))
    at += 1 + section.length
  }
  return command
}

function readSequence(section: Buffer): Command {
  const nameEnd = section.indexOf(0, 4)
  const documents: unknown[] = []
  let at = nameEnd + 1
  while (at < section.length) {
    const length = section.readInt32LE(at)
    documents.push(readDocument(section.subarray(at, at + length)))
    at += length
  }
  return { [section.toString('utf8', 4, nameEnd)]: documents }
}

function readDocument(bytes: Buffer): Record<string, unknown> {
  return withPortable(BSON.deserialize(bytes, { useBigInt64: true, bsonRegExp: true }))
}

/** The codec itself would lose the subtype of bytes, and make the flag `g` of MongoDB's `s`. */
function withPortable<T>(part: T): T {
  if (typeof part !== 'object' || part === null) return part
  if (part instanceof BSON.Binary) return (part.sub_type === 0 ? Buffer.from(part.value()) : part) as T
  // JavaScript has no flag for the others, such as `x`.
  if (part instanceof BSON.BSONRegExp)
    return (/^[ims]*$/.test(part.options) ? new RegExp(part.pattern, part.options) : part) as T
  if (Array.isArray(part)) part.forEach((element: unknown, index) => (part[index] = withPortable(element)))
  else if (Object.getPrototypeOf(part) === Object.prototype) {
    const fields = part as Record<string, unknown>
    // The embedded engine holds no NaN, and takes none in a condition.
    if (Number.isNaN(fields['$eq'])) return { $in: [] } as T
    for (const name in fields) fields[name] = withPortable(fields[name])
  }
  return part
}

/** The bytes of an answer to a message. */
export function writeReply(to: Message, reply: Reply): Buffer {
  const body = BSON.serialize(withVendorIds(reply) as Reply, { ignoreUndefined: true })
  const before = to.isLegacyHello ? 20 : 5
  const bytes = Buffer.alloc(headerBytes + before + body.length)
  bytes.writeInt32LE(bytes.length, 0)
  bytes.writeInt32LE(to.requestId, 8)
  bytes.writeInt32LE(to.isLegacyHello ? opReply : opMsg, 12)
  if (to.isLegacyHello) {
    bytes.writeInt32LE(8, headerBytes)
    bytes.writeInt32LE(1, headerBytes + 16)
  }
  bytes.set(body, headerBytes + before)
  return bytes
}
