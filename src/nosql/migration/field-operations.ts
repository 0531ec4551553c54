import type { DocumentStore } from '../store/document-store.ts'
import { assertOptions, must } from '../../core/assert-options.ts'
import { checkField, freezeValue } from '../../core/specification/operand.ts'
import { assertCollectionName } from '../store/collection-name.ts'
import type { Filter } from '../collection/types/filter.ts'
import { DocumentMigrationError } from './errors.ts'
import type { MigrationContext, MigrationOperation } from './operation.ts'
import { changeInSegments } from './segments.ts'
import { withoutLimits } from './without-limits.ts'

const missing = { $exists: false }
const present = { $exists: true }

/**
 * Adds a field to every document without it. Rolling back removes it from those that still hold the default.
 *
 * @example
 * import { AddField } from 'lexigram-edge/nosql'
 *
 * manager.add(new AddField('users', 'avatarUrl', { default: '' }))
 */
export class AddField implements MigrationOperation {
  readonly description: string
  readonly definition: { readonly collection: string; readonly field: string; readonly default: unknown }

  constructor(collection: string, field: string, options: { readonly default: unknown }) {
    const { default: value } = assertOptions(options, { default: must.beAnything })
    this.definition = { ...checkSubject(collection, field), default: freezeValue(value, field) }
    this.description = `AddField ${collection} ${field}`
  }

  apply(context: MigrationContext): Promise<void> {
    const { collection, field, default: value } = this.definition
    return changeInSegments(context, collection, { filter: { [field]: missing }, update: { $set: { [field]: value } } })
  }

  rollback(context: MigrationContext): Promise<void> {
    const { collection, field, default: value } = this.definition
    const filter = { $and: [{ [field]: { $eq: value } }, { [field]: present }] }
    return changeInSegments(context, collection, { filter, update: { $unset: { [field]: '' } } })
  }

  estimate(store: DocumentStore): Promise<number> {
    return countMatching(store, this.definition.collection, { [this.definition.field]: missing })
  }
}

/** Removes a field from every document. It cannot be undone. */
export class RemoveField implements MigrationOperation {
  readonly description: string
  readonly definition: { readonly collection: string; readonly field: string }

  constructor(collection: string, field: string) {
    this.definition = checkSubject(collection, field)
    this.description = `RemoveField ${collection} ${field}`
  }

  apply(context: MigrationContext): Promise<void> {
    const { collection, field } = this.definition
    return changeInSegments(context, collection, { filter: { [field]: present }, update: { $unset: { [field]: '' } } })
  }

  estimate(store: DocumentStore): Promise<number> {
    return countMatching(store, this.definition.collection, { [this.definition.field]: present })
  }
}

/**
 * Renames a field in every document. A document that already has the new field is not overwritten: the step fails after
 * all others are renamed, and succeeds when run again once those documents are corrected.
 */
export class RenameField implements MigrationOperation {
  readonly description: string
  readonly definition: { readonly collection: string; readonly field: string; readonly newName: string }

  constructor(collection: string, field: string, newName: string) {
    this.definition = { ...checkSubject(collection, field), newName: checkField(newName) }
    this.description = `RenameField ${collection} ${field} ${newName}`
  }

  apply(context: MigrationContext): Promise<void> {
    const { collection, field, newName } = this.definition
    return rename(context, collection, [field, newName])
  }

  rollback(context: MigrationContext): Promise<void> {
    const { collection, field, newName } = this.definition
    return rename(context, collection, [newName, field])
  }

  estimate(store: DocumentStore): Promise<number> {
    return countMatching(store, this.definition.collection, { [this.definition.field]: present })
  }
}

async function rename(context: MigrationContext, collection: string, names: readonly [string, string]): Promise<void> {
  const [from, to] = names
  await changeInSegments(context, collection, {
    filter: { [from]: present, [to]: missing },
    update: { $rename: { [from]: to } },
  })
  const left = await countMatching(context.store, collection, { [from]: present })
  if (left === 0) return
  throw new DocumentMigrationError(
    `'${from}' cannot be renamed: ${left} documents of '${collection}' have both '${from}' and '${to}'`,
    {
      hint: 'Remove one of the two fields from those documents, then apply again.',
      details: { collection, documents: left },
    },
  )
}

function checkSubject(collection: string, field: string): { readonly collection: string; readonly field: string } {
  assertCollectionName(collection)
  return { collection, field: checkField(field) }
}

function countMatching(store: DocumentStore, collection: string, filter: Filter): Promise<number> {
  return store.collection(collection).countDocuments(filter, withoutLimits)
}
