import type { Connection } from 'pg'
import type { Field, Query, QueryResult, Text } from './backend.ts'
import { Refusal } from '../refusal.ts'

/** Rows that are fetched first; how many come next depends on their size. */
const firstPortion = 100
const largestPortion = 10_000

/** What is left of the bytes that an answer may have. */
export interface AnswerBudget {
  left: number
  readonly max: number
}

interface Messages {
  readonly rowDescription: { readonly fields: readonly Field[] }
  readonly dataRow: { readonly fields: readonly Text[] }
  readonly commandComplete: { readonly text: string }
}

/**
 * A query for the vendor's client, which calls the `handle…` methods. Rows are fetched in portions, so that an answer
 * which is too large is refused before it was built. In the extended protocol, which refuses several statements in one text.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export class BoundedQuery {
  readonly result: Promise<QueryResult>
  readonly #query: Query
  readonly #budget: AnswerBudget
  readonly #rows: (readonly Text[])[] = []
  #fields: readonly Field[] = []
  #tag = ''
  /** Of all its rows. */
  #bytes = 0
  #count = 0
  #inPortions = false
  #isSynced = false
  #resolve: (result: QueryResult) => void = () => {}
  #reject: (error: unknown) => void = () => {}

  constructor(query: Query, budget: AnswerBudget) {
    this.#query = query
    this.#budget = budget
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  submit(connection: Connection): void {
    const { text, params } = this.#query
    connection.parse({ name: '', text, types: [] }, true)
    connection.bind({ values: [...params] }, true)
    connection.describe({ type: 'P', name: '' }, true)
    fetchRows(connection, firstPortion)
  }

  handleRowDescription({ fields }: Messages['rowDescription']): void {
    this.#fields = fields
  }

  handleDataRow({ fields }: Messages['dataRow']): void {
    const bytes = leastJsonLength(fields)
    this.#bytes += bytes
    this.#count++
    this.#budget.left -= bytes
    if (this.#budget.left >= 0) this.#rows.push(fields)
    else this.#rows.length = 0
  }

  handlePortalSuspended(connection: Connection): void {
    this.#inPortions = true
    const { left } = this.#budget
    if (left < 0) return this.#sync(connection)
    const average = this.#bytes / this.#count
    fetchRows(connection, Math.min(largestPortion, Math.max(1, Math.ceil(left / average))))
  }

  handleCommandComplete({ text }: Messages['commandComplete'], connection: Connection): void {
    this.#tag = text
    this.#sync(connection)
  }

  handleEmptyQuery(connection: Connection): void {
    this.#sync(connection)
  }

  handleReadyForQuery(): void {
    if (this.#budget.left < 0) return this.#reject(tooLarge(this.#budget.max))
    const [, command = '', oid, count = oid] = /^([A-Z]+)(?: (\d+))?(?: (\d+))?/i.exec(this.#tag) ?? []
    // The tag counts the last portion only.
    const rowCount = this.#inPortions ? this.#count : Number(count)
    this.#resolve({
      command,
      rowCount: count === undefined ? null : rowCount,
      fields: this.#fields.map(plainField),
      rows: this.#rows,
    })
  }

  /** Of the server, which skips everything until a Sync, or of a connection that was lost. */
  handleError(error: unknown, connection: Connection): void {
    this.#sync(connection)
    this.#reject(error)
  }

  handleCopyInResponse(connection: Connection & { sendCopyFail(reason: string): void }): void {
    connection.sendCopyFail('COPY is not supported over HTTP')
  }

  handleCopyData(): void {}

  /** Once: what the server answers to a second one would end the query after this. */
  #sync(connection: Connection): void {
    if (this.#isSynced) return
    this.#isSynced = true
    connection.sync()
  }
}

function fetchRows(connection: Connection, rows: number): void {
  // The vendor's types take a text, and its code writes a number.
  connection.execute({ portal: '', rows: rows as unknown as string }, true)
  connection.flush()
}

/** What its JSON takes at least, whatever its types and names. */
function leastJsonLength(cells: readonly Text[]): number {
  return cells.reduce((total, cell) => total + (cell === null ? 5 : Math.max(1, cell.length) + 1), 2)
}

export function tooLarge(maxBytes: number): Refusal {
  return new Refusal(507, `response is too large (max is ${maxBytes} bytes)`)
}

function plainField(field: Field): Field {
  const { name, tableID, columnID, dataTypeID, dataTypeSize, dataTypeModifier } = field
  return { name, tableID, columnID, dataTypeID, dataTypeSize, dataTypeModifier }
}
