import { sha256Hex } from '../../core/sha256.ts'
import { UsageError } from '../../core/errors.ts'
import { toTagged } from '../query/tagged-json.ts'
import { DocumentMigrationError } from './errors.ts'
import type { MigrationRecord } from './ledger.ts'
import type { MigrationOperation, MigrationStep } from './operation.ts'

/** `0003_add_field_users_avatar_url` unless an id is given. */
export async function toStep(operation: MigrationOperation, position: number, id?: string): Promise<MigrationStep> {
  const words = operation.description.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  const slug = words.replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '')
  const checksum = await sha256Hex(JSON.stringify(toTagged([operation.description, operation.definition])))
  return { id: id ?? `${String(position).padStart(4, '0')}_${slug}`, position, operation, checksum }
}

export function checkId(id: string, taken: ReadonlySet<string>): string {
  if (!/^[\w.-]{1,200}$/.test(id))
    throw new UsageError('a migration id must be 1 to 200 letters, digits, "_", "-" and "."')
  if (taken.has(id)) throw new UsageError(`two migrations cannot have the same id '${id}'`)
  return id
}

/**
 * Checks that what was applied is an unedited beginning of the list. Records beyond the list are of a newer version of
 * the program and are left alone.
 */
export function assertHistory(steps: readonly MigrationStep[], records: ReadonlyMap<string, MigrationRecord>): void {
  const known = new Map(steps.map((step) => [step.id, step]))
  for (const record of records.values()) {
    if (record.status !== 'applied') continue
    const step = known.get(record.id)
    if (step === undefined && record.position <= steps.length)
      throw drift(record, 'it is missing from the list, or its place has changed')
    if (step !== undefined && step.checksum !== record.checksum)
      throw drift(record, 'it was edited after it had been applied')
  }
  let gap: MigrationStep | undefined
  for (const step of steps) {
    const applied = records.get(step.id)?.status === 'applied'
    if (!applied) gap ??= step
    else if (gap !== undefined) throw drift(gap, 'it stands before one that has been applied')
  }
}

function drift(subject: { readonly id: string }, what: string): DocumentMigrationError {
  return new DocumentMigrationError(`migration '${subject.id}' cannot be accepted: ${what}`, {
    hint: 'Leave applied migrations as they are and add a new one at the end.',
    details: { migration: subject.id },
  })
}
