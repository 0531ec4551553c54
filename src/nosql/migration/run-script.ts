import { UsageError } from '../../core/errors.ts'
import type { MigrationContext, MigrationOperation } from './operation.ts'

type Script = (context: MigrationContext) => Promise<void>

export interface RunScriptOptions {
  /** Undoes the script. Without it the migration cannot be rolled back. */
  readonly rollback?: Script
  /** Stands for the script's text in the checksum: change it when you change what the script does. @default 1 */
  readonly version?: number | string
}

/**
 * Runs code of your own. It must be idempotent: after a failure it runs again from its beginning. Call
 * `context.progress(n)` between portions, so that progress is recorded and the runner can stop there.
 *
 * @example
 * import { RunScript } from 'lexigram-edge/nosql'
 *
 * manager.add(new RunScript('lower-case emails', async ({ store, progress }) => {
 *   const users = store.collection('users')
 *   for await (const user of users.find({ email: { $regex: '[A-Z]' } })) {
 *     await users.updateOne({ _id: user._id }, { $set: { email: String(user.email).toLowerCase() } })
 *     await progress(1)
 *   }
 * }))
 */
export class RunScript implements MigrationOperation {
  readonly description: string
  readonly definition: { readonly script: string; readonly version: number | string }
  readonly rollback?: Script
  readonly #script: Script

  constructor(name: string, script: Script, options: RunScriptOptions = {}) {
    if (name.trim() === '') throw new UsageError('a migration script needs a name')
    this.definition = { script: name, version: options.version ?? 1 }
    this.description = `RunScript ${name}`
    this.#script = script
    if (options.rollback !== undefined) this.rollback = options.rollback
  }

  apply(context: MigrationContext): Promise<void> {
    return this.#script(context)
  }
}
