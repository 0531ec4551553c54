/** What the driver looks at in an error of the vendor, whose classes it does not import. */
export interface VendorError {
  readonly name: string
  readonly message?: string
  readonly errmsg?: string
  readonly code?: unknown
  readonly codeName?: unknown
  readonly keyPattern?: unknown
  readonly errInfo?: unknown
  readonly errorLabels?: readonly string[]
  hasErrorLabel?(label: string): boolean
}

/** A bulk write that failed as a whole holds what it failed with. */
export function unwrapped(error: unknown): VendorError {
  const { name, errorResponse } = error as { name?: unknown; errorResponse?: unknown }
  const inner = name === 'MongoBulkWriteError' && errorResponse instanceof Error ? errorResponse : error
  return inner as VendorError // read field by field, each of which may be absent
}

/** Whether a write was done, and not acknowledged by as many members as it was to be. */
export function isUnacknowledged(error: unknown): boolean {
  const { name, result, writeConcernErrors } = error as {
    readonly name?: unknown
    readonly result?: { getWriteConcernError?(): unknown }
    readonly writeConcernErrors?: readonly unknown[]
  }
  if (name === 'MongoWriteConcernError') return true
  if (name === 'MongoBulkWriteError') return result?.getWriteConcernError?.() !== undefined
  return name === 'MongoClientBulkWriteError' && (writeConcernErrors?.length ?? 0) > 0
}

export function hasLabel(error: unknown, label: string): boolean {
  const { errorLabels, hasErrorLabel } = error as VendorError // both may be absent
  return errorLabels?.includes(label) === true || hasErrorLabel?.call(error, label) === true
}

/** Whether the server answered with this code. */
export function hasCode(error: unknown, code: number): boolean {
  return (error as VendorError).code === code
}

/** Whether a server has refused the command. Errors of the platform have codes, too. */
export function isAnswer({ name, code }: VendorError): boolean {
  return typeof code === 'number' && name.startsWith('Mongo')
}

/**
 * Whether the error says that no server has answered: none was found, the connection broke, or what came cannot be read.
 * What the vendor finds wrong with a call is something else. A socket that breaks while the vendor waits to write is
 * reported with the platform's error, as it came.
 */
export function isAway(error: VendorError): boolean {
  const { name, code } = error
  if (typeof code === 'number') return false
  return /^(?:Mongo|BSON)/.test(name) ? !aboutTheCall.test(name) : isOfPlatform(error)
}

/** Node's errors of sockets have a code such as `ECONNRESET`; those of workerd are plain. */
function isOfPlatform({ name, code }: VendorError): boolean {
  return name === 'Error' || name === 'AggregateError' || (name !== 'TypeError' && typeof code === 'string')
}

const aboutTheCall =
  /^(?:BSONVersion|Mongo(?:InvalidArgument|Compatibility|MissingDependency|Transaction|ExpiredSession|BatchReExecution|BulkWrite|ClientBulkWrite(?:Execution)?))Error$/

/** Name, code and labels of the vendor's error: its message may hold stored values, addresses or credentials. */
export function redacted(error: unknown): Error {
  const { name, code, codeName, errorLabels } = unwrapped(error)
  const labels = errorLabels ?? knownLabels.filter((label) => hasLabel(error, label))
  const known = { ...(typeof code === 'number' && { code }), ...(typeof codeName === 'string' && { codeName }) }
  const short = Object.assign(new Error(`${name}${typeof codeName === 'string' ? `: ${codeName}` : ''}`), known)
  short.name = name
  return labels.length === 0 ? short : Object.assign(short, { errorLabels: labels })
}

const knownLabels = [
  'TransientTransactionError',
  'UnknownTransactionCommitResult',
  'RetryableWriteError',
  'NoWritesPerformed',
  'ResumableChangeStreamError',
]
