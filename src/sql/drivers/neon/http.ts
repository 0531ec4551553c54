import { neon, type NeonDbError, type NeonQueryPromise } from '@neondatabase/serverless'
import type { CallOptions, RowSet, Statement, TransactionOptions } from '../../contract/driver.ts'
import { DatabaseUnavailableError, QueryError } from '../../errors.ts'
import { vendorCause } from '../../session/vendor-cause.ts'
import { startWithFetch, type Fetch } from './scoped-fetch.ts'
import { textTypes, toRowSet } from './text-results.ts'

/** One request per call, without a connection between calls. */
export interface NeonHttp {
  execute(statement: Statement, options: CallOptions): Promise<RowSet>
  batch(
    statements: readonly Statement[],
    options: CallOptions & { readonly transaction: TransactionOptions },
  ): Promise<RowSet[]>
}

export interface NeonHttpOptions {
  readonly fetch: Fetch | undefined
  readonly authToken: string | (() => string | Promise<string>) | undefined
}

const isolationLevels = {
  'read committed': 'ReadCommitted',
  'repeatable read': 'RepeatableRead',
  serializable: 'Serializable',
} as const

const full = { arrayMode: true, fullResults: true } as const

export function neonHttp(url: string, { fetch, authToken }: NeonHttpOptions): NeonHttp {
  const sql = neon(url, { ...full, ...(authToken !== undefined && { authToken }) })
  const build = ({ text, params }: Statement, signal?: AbortSignal): NeonQueryPromise<true, true> =>
    sql.query(text, [...params], { ...full, types: textTypes, ...(signal && { fetchOptions: { signal } }) })
  return {
    async execute(statement, { signal }) {
      // `then` is what starts the vendor's query.
      return await startWithFetch(fetch, () => build(statement, signal).then(toRowSet, rethrow))
    },
    async batch(statements, { signal, transaction }) {
      const { isolation, ...flags } = transaction
      const options = {
        ...full,
        ...flags,
        ...(isolation !== undefined && { isolationLevel: isolationLevels[isolation] }),
        ...(signal && { fetchOptions: { signal } }),
      }
      const built = statements.map((statement) => build(statement))
      const results = await startWithFetch(fetch, () => sql.transaction(built, options).catch(rethrow))
      return results.map(toRowSet)
    },
  }
}

/** Errors with a SQLSTATE are understood by every driver's caller; those of the transport only here. */
function rethrow(thrown: unknown): never {
  const { name, code, message = '', sourceError } = thrown as Partial<NeonDbError>
  if (name !== 'NeonDbError' || code !== undefined || sourceError !== undefined) throw thrown
  const status = /HTTP status (\d+)/.exec(message)?.[1]
  if (status === '413' || status === '507') {
    const what = status === '413' ? 'a request to' : 'a response from'
    throw new QueryError(`${what} the database was larger than its HTTP endpoint allows`, {
      hint: 'Send or select less at once: Neon allows 10 MiB.',
      cause: vendorCause(thrown),
    })
  }
  throw new DatabaseUnavailableError(`the database endpoint refused the request (HTTP ${status ?? 400})`, {
    cause: vendorCause(thrown),
  })
}
