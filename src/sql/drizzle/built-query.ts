import { fillPlaceholders, type Query } from 'drizzle-orm'
import { UsageError } from '../../core/errors.ts'
import type { RowSet, SqlText } from '../contract/driver.ts'
import type { Runner } from '../session/connection-runner.ts'
import { encodeParam } from '../text-format/encode.ts'
import { PreparedStatement } from './prepared-statement.ts'

/** Tables by name, false for those that a join may leave out: their objects become null then. */
export type JoinedTables = Readonly<Record<string, boolean>> | undefined

export interface BuiltParts {
  readonly runner: Runner
  /** @param joined what 0.x has set */
  readonly read: (set: RowSet, joined: JoinedTables) => unknown
}

/** What a builder of Drizzle prepares, of both versions: it is run, or bound to its values for a batch. */
export class BuiltQuery {
  /** Set by the select builder of 0.x. */
  joinsNotNullableMap: JoinedTables
  readonly #query: Query
  readonly #parts: BuiltParts

  constructor(query: Query, parts: BuiltParts) {
    this.#query = query
    this.#parts = parts
  }

  getQuery(): Query {
    return this.#query
  }

  /** Drizzle 0.x calls it with a token of its driver for Neon. */
  setToken(): this {
    return this
  }

  async execute(values: Record<string, unknown> = {}): Promise<unknown> {
    const { statement, read } = this.bind(values)
    const [set] = await this.#parts.runner.run([statement])
    return set === undefined ? [] : read(set)
  }

  /** @throws UsageError for a placeholder without a value */
  bind(values: Record<string, unknown>): PreparedStatement {
    const { sql: text, params } = this.#query
    const { read } = this.#parts
    return new PreparedStatement({ text, params: bindParams(params, values) }, (set) =>
      read(set, this.joinsNotNullableMap),
    )
  }
}

/**
 * Parameters as they are sent. Drizzle throws a plain error that names the placeholder.
 *
 * @throws UsageError for a placeholder without a value, which would be sent as an object
 */
export function bindParams(params: readonly unknown[], values: Record<string, unknown> = {}): SqlText[] {
  let filled: unknown[]
  try {
    filled = fillPlaceholders([...params], values)
  } catch (cause) {
    throw new UsageError('a prepared statement must have a value for each of its placeholders', {
      hint: 'Call prepared.execute({ name: value }).',
      cause,
    })
  }
  return filled.map(encodeParam)
}

export function refuseTransaction(): Promise<never> {
  return Promise.reject(new UsageError('db.transaction cannot be used', { hint: 'Use session.transaction.' }))
}
