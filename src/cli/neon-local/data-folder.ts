import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../core/errors.ts'

/** Removes only what is a database: a mistyped path must not cost a folder of something else. */
export function emptyFolder(folder: string): void {
  if (!existsSync(folder)) return
  if (!existsSync(join(folder, 'PG_VERSION'))) {
    throw new UsageError('--fresh cannot empty the folder: it does not hold a database', {
      hint: 'Check --data-dir, or remove the folder yourself.',
    })
  }
  rmSync(folder, { recursive: true })
}
