import { UsageError } from '../../core/errors.ts'
import { missingPackage } from '../missing-package.ts'

/** All of them at once: who installs only the missing one meets the next. */
const install = 'npm install --save-dev ws pg @electric-sql/pglite'

/**
 * Loads an optional peer dependency when it is first needed.
 *
 * @throws UsageError naming the install line when it is not installed
 */
export async function loadPeer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    if (missingPackage(cause) === undefined) throw cause
    throw new UsageError(`the local Neon endpoint cannot start: the package ${name} is not installed`, {
      hint: install,
      cause,
    })
  }
}
