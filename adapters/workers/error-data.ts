import { errorOf, isLexigramError, LexigramError, toProblemDetails } from '../../src/runtime/index.ts'

/** An error as plain data: what RPC keeps of an `Error` is only its message. */
export interface ErrorData {
  readonly code?: string
  /** The HTTP status that fits. */
  readonly status: number
  readonly message: string
  readonly hint?: string
  /** Facts for the caller, such as the `issues` of what did not validate: the error's `publicDetails`. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** What a caller may know of a failure, thrown or an `Err`: as much as an HTTP client would receive. */
export function publicErrorData(failure: unknown, statuses: Readonly<Record<string, number>> = {}): ErrorData {
  const { code, status, title, detail = title, hint } = toProblemDetails(failure, { statuses })
  const error = errorOf(failure)
  const details = status < 500 && isLexigramError(error) ? plainOnly(error.publicDetails) : undefined
  return {
    ...(code === undefined ? {} : { code }),
    status,
    message: detail,
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  }
}

/** All of an error, for the other half of one application. */
export interface WholeError {
  readonly name: string
  readonly message: string
  /** Own members that are plain values, such as a vendor's `errno`. */
  readonly members: Readonly<Record<string, unknown>>
  /** There for errors of this package. */
  readonly known?: Pick<LexigramError, 'code' | 'status' | 'hint' | 'details' | 'publicMessage' | 'publicDetails'>
}

/** Never throws: members that cannot be read are left out. */
export function toWholeError(error: unknown): WholeError {
  const from = error instanceof Error ? error : new Error('the thrown value must be an error')
  // Of whatever type a driver has made them.
  const given: { readonly name: unknown; readonly message: unknown } = from
  const [name, message] = [String(given.name), String(given.message)]
  if (!isLexigramError(from)) return { name, message, members: plainMembers(from) }
  const { code, status, hint, publicMessage } = from
  const [details, publicDetails] = [plainOnly(from.details), plainOnly(from.publicDetails)]
  return { name, message, members: {}, known: { code, status, hint, details, publicMessage, publicDetails } }
}

export function fromWholeError(data: WholeError): Error {
  if (data.known !== undefined) return new RemoteError(data.message, data.name, data.known)
  const error = Object.assign(new Error(data.message), data.members)
  return Object.defineProperty(error, 'name', { value: data.name, configurable: true })
}

/** An error of this package that was thrown elsewhere: same name, code and status. */
class RemoteError extends LexigramError {
  readonly code: string
  override readonly status: number
  readonly #name: string

  constructor(message: string, name: string, { code, status, ...options }: NonNullable<WholeError['known']>) {
    super(message, options)
    this.code = code
    this.status = status
    this.#name = name
  }

  override get name(): string {
    return this.#name
  }
}

/** Details may hold what cannot cross; the error without them is better than none. */
function plainOnly(details: LexigramError['details']): LexigramError['details'] {
  try {
    return structuredClone(details)
  } catch {
    return undefined
  }
}

function plainMembers(error: Error): WholeError['members'] {
  const members: Record<string, unknown> = {}
  for (const key of Object.keys(error)) {
    try {
      const value: unknown = (error as Error & Readonly<Record<string, unknown>>)[key] // one of its keys
      if (isPlain(value)) members[key] = value
    } catch {
      // A getter that throws: the error without it is better than none.
    }
  }
  return members
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean', 'bigint'].includes(typeof value)
}
