import { readFile } from 'node:fs/promises'
import { UsageError } from '../core/errors.ts'

/** The text of a file, undefined where there is none. @throws UsageError for one that cannot be read */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    // What the file system throws has a code.
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new UsageError(`${path} cannot be read (${code})`, { cause: error })
  }
}
