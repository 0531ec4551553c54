import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../core/errors.ts'
import { within } from '../core/time-limit.ts'

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
    const loading = import(pathToFileURL(resolve(path)).href) as Promise<Module>
    // Its timer keeps Node from ending a process that waits for nothing else, which would say nothing.
    return await within(loading, timeoutMs, 'it')
  } catch (cause) {
    throw new UsageError(`the module ${path} cannot be loaded: ${reasonOf(cause)}`, {
      hint: 'Name a file that this Node can import; TypeScript needs Node 22.18 or newer.',
      cause,
    })
  }
}

/** Without the file of this package that has asked for it. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  return message.replace(` imported from ${import.meta.filename}`, '')
}
