import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../core/errors.ts'

type Module = Readonly<Record<string, unknown>>

/**
 * What a module of the user exports, by its path from the working folder.
 *
 * @param options.timeoutMs How long the module may take. @default 30,000
 * @throws UsageError for one that cannot be loaded, or not in time
 */
export async function loadModule(
  path: string,
  { timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {},
): Promise<Module> {
  try {
    return await withinTime(import(pathToFileURL(resolve(path)).href) as Promise<Module>, timeoutMs)
  } catch (cause) {
    throw new UsageError(`the module ${path} cannot be loaded: ${reasonOf(cause)}`, {
      hint: 'Name a file that this Node can import; TypeScript needs Node 22.18 or newer.',
      cause,
    })
  }
}

/** The timer keeps Node from ending a process that waits for nothing else, which would say nothing. */
async function withinTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const reason = `it did not finish within ${timeoutMs / 1000} seconds`
  const timer = setTimeout(() => reject(new Error(reason)), timeoutMs)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Without the file of this package that has asked for it. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  return message.replace(` imported from ${import.meta.filename}`, '')
}
