/** Those of PostgreSQL's errors and of Node's system errors that name things and never quote a value. */
const members = ['code', 'severity', 'routine', 'position', 'errno', 'syscall', 'hostname', 'address', 'port']

/** Classes of SQLSTATE whose messages name objects of the schema and the server. Those of others quote values. */
const safeStates = /^(?:08|25|28|3D|40|42|53|55|57)/

/** What this package writes into a statement for the database to repeat. */
const ownMark = /lexigram:[a-z-]+(?::\d+)?/

/** How far causes are followed; more than libraries wrap an error. */
const deepest = 4

/**
 * What logs may keep of what a driver threw: its name, code and stack, and its message where that quotes no value. The
 * original may hold the values of rows and parameters (`detail`, `where`, `internalQuery`, the message of a wrapper).
 */
export function vendorCause(thrown: unknown, depth = 0): Error | undefined {
  if (!(thrown instanceof Error) || depth > deepest) return undefined
  const { cause, sourceError, code } = thrown as Error & { readonly sourceError?: unknown; readonly code?: unknown }
  const below = vendorCause(cause ?? sourceError, depth + 1)
  const message = safeMessage(thrown.message, { code, wraps: below !== undefined })
  return copyError(thrown, { message, members, cause: below })
}

function safeMessage(message: string, { code, wraps }: { readonly code: unknown; readonly wraps: boolean }): string {
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) {
    return safeStates.test(code) ? message : (ownMark.exec(message)?.[0] ?? `SQLSTATE ${code}`)
  }
  // A wrapper repeats the statement and its parameters.
  return wraps ? 'a database library failed' : message
}

interface CopyOptions {
  /** In place of the message of the original. */
  readonly message: string
  /** Names of the members that are kept, where they are texts or numbers. */
  readonly members: readonly string[]
  readonly cause?: Error | undefined
}

/**
 * A copy of a library's error for logs: its name and the frames of its stack, and of the rest only what is asked for. The
 * original may hold the values of a request, in its message and its members, and members that are undefined.
 */
function copyError(error: Error, { message, members, cause }: CopyOptions): Error {
  const copy = new Error(message, cause === undefined ? undefined : { cause })
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  Object.defineProperty(copy, 'name', { value: error.name, configurable: true })
  copy.stack = [`${error.name}: ${message}`, ...frames].join('\n')
  for (const name of members) {
    const value = (error as Error & Readonly<Record<string, unknown>>)[name]
    if (typeof value === 'string' || typeof value === 'number') Object.assign(copy, { [name]: value })
  }
  return copy
}
