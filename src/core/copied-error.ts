export interface CopyOptions {
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
export function copyError(error: Error, { message, members, cause }: CopyOptions): Error {
  const copy = new Error(message, cause === undefined ? undefined : { cause })
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  Object.defineProperty(copy, 'name', { value: error.name, configurable: true })
  copy.stack = [`${error.name}: ${message}`, ...frames].join('\n')
  for (const name of members) {
    const value = (error as unknown as Readonly<Record<string, unknown>>)[name]
    if (typeof value === 'string' || typeof value === 'number') Object.assign(copy, { [name]: value })
  }
  return copy
}
