import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../core/errors.ts'

/** What a module of the user exports, by its path from the working folder. @throws UsageError for one that cannot be loaded */
export async function loadModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Readonly<Record<string, unknown>>
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
