import type { PGlite } from '@electric-sql/pglite'
import { TimeoutError } from '../../../core/errors.ts'
import { within } from '../../../core/time-limit.ts'
import { forgetSettings, leavesState } from '../../../sql/contract/leaves-state.ts'
import { createArrayTypes } from './array-types.ts'
import type { Backend, Channel, ChannelEvents, Credentials } from './backend.ts'
import { createFrameGuard, guardQuery } from './embedded-guard.ts'
import { lastReadyStatus, message } from '../protocol/frames.ts'
import { localAuthorization, type LocalAuthorization } from '../authorization/local-authorization.ts'
import { loadPeer } from '../peers.ts'
import { abandoned, resetConnection, runQueries, textTypes } from './run-queries.ts'
import { createTurns, type Turns } from './turns.ts'

export interface PGliteBackendOptions {
  /** Longest wait for the single connection, in milliseconds. */
  readonly turnTimeoutMs: number
  /** Whether `close` closes the database too. */
  readonly owned: boolean
}

/**
 * Serves one embedded database. It has a single connection, so requests and WebSocket transactions take turns: a
 * WebSocket holds the turn from its first message until the server reports that no transaction is open.
 */
export async function pgliteBackend(db: PGlite, options: PGliteBackendOptions): Promise<Backend> {
  const { default: pg } = await loadPeer('pg', () => import('pg'))
  const { createPgConfig } = await import('@electric-sql/pglite/node-postgres')
  const client = new pg.Client(Object.assign(createPgConfig(db), { types: textTypes }))
  await client.connect()
  const turns = createTurns((hold) => db._runExclusiveTransaction(hold), options.turnTimeoutMs)
  const parameters = await startupParameters(db)
  const authorization = await localAuthorization(client)
  const arrayTypes = createArrayTypes()
  const channels = new Set<PGliteChannel>()
  const settings: SharedSettings = { leftBy: undefined }

  return {
    async run(queries, request) {
      const release = await turns.take(request.signal).catch((error: unknown) => {
        throw request.signal.aborted ? abandoned() : error
      })
      try {
        const enter = await authorization.enter(request.credentials)
        if (settings.leftBy !== undefined) await client.query(forget)
        settings.leftBy = undefined
        if (enter !== undefined) await client.query(enter)
        return await runQueries(client, queries.map(guardQuery), { ...request, arrayTypes })
      } finally {
        void resetConnection(client, authorization.leave).then(release, release)
      }
    },
    async open(events, credentials) {
      // While a transaction has the connection, the first statement asks: a client can connect meanwhile.
      if (turns.free) await authenticate(turns, authorization, credentials)
      const leave = (channel: PGliteChannel) => channels.delete(channel) && channels.size === 0
      const channel = new PGliteChannel({ db, turns, events, parameters, leave, authorization, credentials, settings })
      channels.add(channel)
      return channel
    },
    // A statement of the embedded database keeps this process busy: what asks to stop it is read after its end.
    cancel: () => undefined,
    async close(): Promise<void> {
      await ended(Promise.all([...channels].map((channel) => channel.end())))
      await ended(client.end())
      if (options.owned) await ended(db.close(), writeLimitMs)
    },
  }
}

/** A statement may have ended the embedded database itself, which then answers nothing. */
async function ended(work: Promise<unknown>, limitMs = closeLimitMs): Promise<void> {
  await within(work, limitMs, 'the end of the embedded database').catch((error: unknown) => {
    if (!(error instanceof TimeoutError)) throw error
  })
}

/** Longest times, in milliseconds; the database may have much to write. */
const closeLimitMs = 2_000
const writeLimitMs = 10_000

/** All clients share one connection: what one of them has set is not for another, and is lost when another has its turn. */
interface SharedSettings {
  leftBy: Channel | undefined
}

const forget = forgetSettings.join('; ')

async function authenticate(turns: Turns, authorization: LocalAuthorization, credentials: Credentials): Promise<void> {
  const release = await turns.take()
  try {
    await authorization.enter(credentials)
  } finally {
    release()
  }
}

async function startupParameters(db: PGlite): Promise<Record<string, string>> {
  const names = ['server_version', 'server_encoding', 'client_encoding', 'DateStyle', 'TimeZone', 'IntervalStyle']
  const { rows } = await db.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any($1)',
    [names],
  )
  return { integer_datetimes: 'on', standard_conforming_strings: 'on', ...fromRows(rows) }
}

function fromRows(rows: readonly { name: string; setting: string }[]): Record<string, string> {
  return Object.fromEntries(rows.map((row) => [row.name, row.setting]))
}

interface ChannelParts {
  readonly db: PGlite
  readonly turns: Turns
  readonly events: ChannelEvents
  readonly parameters: Readonly<Record<string, string>>
  /** What a turn begins and ends with. */
  readonly authorization: LocalAuthorization
  readonly credentials: Credentials
  /** True when no other channel is left, so that session state may be forgotten: all share the one connection. */
  readonly leave: (channel: PGliteChannel) => boolean
  readonly settings: SharedSettings
}

class PGliteChannel implements Channel {
  readonly processId = 1
  readonly secretKey = 1
  readonly #parts: ChannelParts
  readonly #guard = createFrameGuard((text) => {
    if (text.split(';').some((part) => leavesState({ text: part, params: [] }))) this.#parts.settings.leftBy = this
  })
  #release: (() => void) | undefined
  #queue: Promise<void> = Promise.resolve()
  #ended = false

  constructor(parts: ChannelParts) {
    this.#parts = parts
  }

  get parameters(): Readonly<Record<string, string>> {
    return this.#parts.parameters
  }

  send(bytes: Uint8Array): void {
    this.#queue = this.#queue.then(() => (this.#ended ? undefined : this.#execute(bytes)))
  }

  end(): Promise<void> {
    if (this.#ended) return this.#queue
    this.#ended = true
    this.#queue = this.#queue.then(() => this.#finish())
    return this.#queue
  }

  async #execute(bytes: Uint8Array): Promise<void> {
    const { db, events } = this.#parts
    try {
      if (this.#release === undefined) await this.#takeTurn()
      const frame = this.#guard({ type: String.fromCharCode(bytes[0] ?? 0), bytes })
      const answer = await db.execProtocolRaw(frame)
      if (answer.length > 0) events.onData(answer)
      if (lastReadyStatus(answer) === 'I') await this.#letGo()
    } catch (error) {
      events.onData(fatal(error))
      events.onClose()
    }
  }

  async #takeTurn(): Promise<void> {
    const { db, turns, authorization, credentials, settings } = this.#parts
    this.#release = await turns.take()
    if (settings.leftBy !== undefined && settings.leftBy !== this) {
      await db.execProtocolRaw(message('Q', forget))
      settings.leftBy = undefined
    }
    const enter = await authorization.enter(credentials)
    if (enter !== undefined) await db.execProtocolRaw(message('Q', enter))
  }

  async #finish(): Promise<void> {
    const { db, turns, leave, settings } = this.#parts
    const last = leave(this)
    if (this.#release === undefined && !last) return
    this.#release ??= await turns.take().catch(() => undefined)
    if (this.#release === undefined) return
    try {
      await db.execProtocolRaw(message('S'))
      await db.execProtocolRaw(message('Q', 'ROLLBACK'))
      if (last) {
        await db.execProtocolRaw(message('Q', 'DISCARD ALL'))
        settings.leftBy = undefined
      }
    } finally {
      await this.#letGo()
    }
  }

  async #letGo(): Promise<void> {
    const { db, authorization } = this.#parts
    const release = this.#release
    this.#release = undefined
    try {
      if (authorization.leave !== undefined) await db.execProtocolRaw(message('Q', authorization.leave))
    } finally {
      release?.()
    }
  }
}

function fatal(error: unknown): Uint8Array {
  // The database throws errors; those of PostgreSQL have a code.
  const { code = 'XX000', message: text } = error as { code?: string; message: string }
  return message('E', 'SFATAL', 'VFATAL', `C${code}`, `M${text}`, new Uint8Array(1))
}
