import type { Connection } from '@neondatabase/serverless'
import type { ResultColumn, SqlText, Statement } from '../../contract/driver.ts'
import { taggedRows, type TaggedRows } from '../../contract/tagged-rows.ts'
import { QueryError } from '../../errors.ts'

/** The parts of the protocol's messages that are read here. */
interface Messages {
  readonly rowDescription: { readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[] }
  readonly dataRow: { readonly fields: readonly SqlText[] }
  readonly commandComplete: { readonly text: string }
}

/**
 * One statement for the vendor's client, which calls the `handle…` methods. Always in the extended protocol, which
 * refuses a text with several statements before any has run; the vendor's own query sends a text without parameters as
 * a script. Cells stay text. Nothing is named, so that it works behind a pooler.
 *
 * @see https://node-postgres.com/apis/client#clientquery (Submittable)
 */
export class TextQuery {
  readonly answer: Promise<TaggedRows>
  readonly #statement: Statement
  #resolve: (rows: TaggedRows) => void = () => {}
  #reject: (error: unknown) => void = () => {}
  #columns: readonly ResultColumn[] = []
  readonly #rows: (readonly SqlText[])[] = []
  #tag = ''
  #refusal: Error | undefined

  constructor(statement: Statement) {
    this.#statement = statement
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  submit(connection: Connection): void {
    const { text, params } = this.#statement
    connection.parse({ name: '', text, types: [] }, true)
    connection.bind({ values: [...params] }, true)
    connection.describe({ type: 'P', name: '' }, true)
    connection.execute({ portal: '', rows: '' }, true)
    connection.sync()
  }

  handleRowDescription({ fields }: Messages['rowDescription']): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID }))
  }

  handleDataRow({ fields }: Messages['dataRow']): void {
    this.#rows.push(fields)
  }

  handleCommandComplete({ text }: Messages['commandComplete']): void {
    this.#tag = text
  }

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  /** The server waits for data that there is no stream for. */
  handleCopyInResponse(connection: Connection & { sendCopyFail(reason: string): void }): void {
    connection.sendCopyFail('a session has no stream to copy from')
  }

  handleCopyData(): void {
    this.#refusal = new QueryError('a statement cannot copy to its client: a session has no such stream')
  }

  handleError(error: unknown): void {
    this.#reject(error)
  }

  handleReadyForQuery(): void {
    if (this.#refusal !== undefined) return this.#reject(this.#refusal)
    this.#resolve(taggedRows(this.#tag, this.#columns, this.#rows))
  }
}
