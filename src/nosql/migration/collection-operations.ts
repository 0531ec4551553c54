import type { DocumentStore } from '../store/document-store.ts'
import { assertCollectionName } from '../store/collection-name.ts'
import { DocumentMigrationError } from './errors.ts'
import type { MigrationContext, MigrationOperation } from './operation.ts'
import { withoutLimits } from './without-limits.ts'

/** Creates a collection unless it is there. Rolling back drops it, if it is still empty. */
export class CreateCollection implements MigrationOperation {
  readonly description: string
  readonly definition: { readonly collection: string }

  constructor(collection: string) {
    assertCollectionName(collection)
    this.definition = { collection }
    this.description = `CreateCollection ${collection}`
  }

  async apply({ store, memory, remember, progress }: MigrationContext): Promise<void> {
    if (memory !== 'created' && (await exists(store, this.definition.collection))) return
    await remember('created')
    await store.createCollection(this.definition.collection)
    await progress(1)
  }

  async rollback({ store, memory }: MigrationContext): Promise<void> {
    const { collection } = this.definition
    if (memory !== 'created' || !(await exists(store, collection))) return
    const documents = await store.collection(collection).countDocuments({}, withoutLimits)
    if (documents > 0)
      throw new DocumentMigrationError(`collection '${collection}' cannot be dropped: it is not empty any more`, {
        hint: 'Move or delete its documents first, or keep the collection.',
        details: { collection, documents },
      })
    await store.dropCollection(collection)
  }

  async estimate(store: DocumentStore): Promise<number> {
    return (await exists(store, this.definition.collection)) ? 0 : 1
  }
}

/** Drops a collection with all its documents and indexes; a missing one is not an error. It cannot be undone. */
export class DropCollection implements MigrationOperation {
  readonly description: string
  readonly definition: { readonly collection: string }

  constructor(collection: string) {
    assertCollectionName(collection)
    this.definition = { collection }
    this.description = `DropCollection ${collection}`
  }

  async apply({ store, progress }: MigrationContext): Promise<void> {
    if (!(await exists(store, this.definition.collection))) return
    await store.dropCollection(this.definition.collection)
    await progress(1)
  }

  async estimate(store: DocumentStore): Promise<number> {
    const { collection } = this.definition
    return (await exists(store, collection)) ? store.collection(collection).countDocuments({}, withoutLimits) : 0
  }
}

async function exists(store: DocumentStore, collection: string): Promise<boolean> {
  return (await store.listCollections()).includes(collection)
}
