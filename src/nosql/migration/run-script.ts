import { assertFunction, kindOf } from '../../core/plain-object.ts'
import { assertOptions, must } from '../../core/assert-options.ts'
import { UsageError } from '../../core/errors.ts'
import type { MigrationContext, MigrationOperation } from './operation.ts'

type Script = (context: MigrationContext) => Promise<void>

/** Options of `RunScript`. */
export interface RunScriptOptions {
  /** Undoes the script. Without it the migration cannot be rolled back. */
  readonly rollback?: Script
  /** Stands for the script's text in the checksum: change it when you change what the script does. @default 1 */
  readonly version?: number | string
}

/**
 * Runs your own code. It must be idempotent: after a failure it runs again from its beginning. Call
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
    if (typeof name !== 'string' || name.trim() === '')
      throw new UsageError('the name of a migration script must be text, and not empty')
    assertFunction(script, 'a migration script')
    const { version = 1, rollback } = assertOptions(options, { rollback: must.beFunction, version: must.beAnything })
    if (typeof version !== 'number' && typeof version !== 'string')
      throw new UsageError(`'version' must be a number or text, not ${kindOf(version)}`)
    this.definition = { script: name, version }
    this.description = `RunScript ${name}`
    this.#script = script
    if (rollback !== undefined) this.rollback = rollback
  }

  apply(context: MigrationContext): Promise<void> {
    return this.#script(context)
  }
}
