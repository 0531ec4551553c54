import type { ClientSession, MongoClient } from 'mongodb'
import type { Span } from '../../../../core/tracing/tracer.ts'

/** Traces the commands that a client sends: each is a part of the span of the session in which it is sent. */
export interface CommandSpans {
  /** Traces what is sent in this session, until what is returned is called. */
  trace(session: ClientSession, span: Span): () => void
}

/** What is known of the commands of one session. */
interface Sender {
  readonly span: Span
  /** The last command, if it has failed: the vendor sends it again under the same name. */
  failed: { readonly name: string; readonly attempt: number } | undefined
}

/** A command on its way. */
interface Sent {
  readonly sender: Sender
  readonly span: Span
  readonly name: string
  readonly attempt: number
}

/**
 * The vendor's events name no caller, but the session of each command, and every call has a session to itself. Undefined
 * where the client does not monitor its commands: that costs a copy of each, traced or not.
 */
export function commandSpansOf(client: MongoClient): CommandSpans | undefined {
  if (!client.options.monitorCommands) return undefined
  const senders = new Map<string, Sender>()
  const underWay = new Map<number, Sent>()
  client.on('commandStarted', ({ requestId, commandName: name, command }) => {
    const sender = senders.get(keyOf(command['lsid']))
    if (sender === undefined) return
    const attempt = sender.failed?.name === name ? sender.failed.attempt + 1 : 1
    sender.failed = undefined
    if (attempt > 1) sender.span.measure({ is: 'retry', of: 'request', system: 'mongodb' })
    const collection = collectionOf(name, command)
    const span = sender.span.start({ is: 'backend', driver: 'mongodb', request: name, attempt, collection })
    underWay.set(requestId, { sender, span, name, attempt })
  })
  client.on('commandSucceeded', ({ requestId }) => {
    underWay.get(requestId)?.span.end()
    underWay.delete(requestId)
  })
  client.on('commandFailed', ({ requestId, failure }) => {
    const sent = underWay.get(requestId)
    if (sent === undefined) return
    underWay.delete(requestId)
    const { sender, span, name, attempt } = sent
    sender.failed = { name, attempt }
    if ('code' in failure && typeof failure.code === 'number') span.set('db.response.status_code', String(failure.code))
    span.fail(failure)
    span.end()
  })
  return {
    trace(session, span) {
      const key = keyOf(session.id)
      senders.set(key, { span, failed: undefined })
      return () => void senders.delete(key)
    },
  }
}

/** What identifies a session: a UUID. */
function keyOf(lsid: { readonly id: { toString(encoding: 'hex'): string } } | undefined): string {
  return lsid === undefined ? '' : lsid.id.toString('hex')
}

/** `{ find: 'users' }`, and `{ getMore: 17n, collection: 'users' }`. Others concern no collection, such as a commit. */
function collectionOf(name: string, command: Readonly<Record<string, unknown>>): string | undefined {
  const collection = name === 'getMore' ? command['collection'] : command[name]
  return typeof collection === 'string' ? collection : undefined
}
