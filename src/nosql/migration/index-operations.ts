import { UsageError } from '../../core/errors.ts'
import type { DocumentStore } from '../store/document-store.ts'
import {
  indexSignature,
  parseIndex,
  type IndexKeys,
  type IndexModel,
  type IndexOptions,
} from '../contract/index-model.ts'
import { assertCollectionName } from '../store/collection-name.ts'
import { fromTagged, toTagged } from '../query/tagged-json.ts'
import type { MigrationContext, MigrationOperation } from './operation.ts'

/**
 * Creates an index unless the same one is there. Rolling back drops it.
 *
 * @example
 * import { CreateIndex } from 'lexigram-edge/nosql'
 *
 * manager.add(new CreateIndex('users', [['email', 1]], { unique: true }))
 */
export class CreateIndex implements MigrationOperation {
  readonly description: string
  readonly definition: { readonly collection: string; readonly index: IndexModel }

  constructor(collection: string, keys: IndexKeys, options: IndexOptions = {}) {
    assertCollectionName(collection)
    this.definition = { collection, index: parseIndex(keys, options) }
    this.description = `CreateIndex ${collection} ${this.definition.index.name}`
  }

  async apply({ store, progress }: MigrationContext): Promise<void> {
    const { collection, index } = this.definition
    await createIndex(store, collection, index)
    await progress(1)
  }

  async rollback({ store }: MigrationContext): Promise<void> {
    const { collection, index } = this.definition
    if ((await findIndex(store, collection, index.name)) !== undefined)
      await store.collection(collection).dropIndex(index.name)
  }

  async estimate(store: DocumentStore): Promise<number> {
    const { collection, index } = this.definition
    const existing = await findIndex(store, collection, index.name)
    return existing !== undefined && indexSignature(existing) === indexSignature(index) ? 0 : 1
  }
}

/** Drops an index by name; one that is not there is no error. Rolling back creates it again as it was. */
export class DropIndex implements MigrationOperation {
  readonly description: string
  readonly definition: { readonly collection: string; readonly name: string }

  constructor(collection: string, name: string) {
    assertCollectionName(collection)
    if (typeof name !== 'string' || name === '')
      throw new UsageError('the name of an index must be text, and not empty')
    this.definition = { collection, name }
    this.description = `DropIndex ${collection} ${name}`
  }

  async apply({ store, remember, progress }: MigrationContext): Promise<void> {
    const { collection, name } = this.definition
    const index = await findIndex(store, collection, name)
    if (index === undefined) return
    await remember(JSON.stringify(toTagged(index)))
    await store.collection(collection).dropIndex(name)
    await progress(1)
  }

  async rollback({ store, memory }: MigrationContext): Promise<void> {
    if (typeof memory !== 'string') return
    const index = fromTagged(JSON.parse(memory)) as unknown as IndexModel // written by apply above
    await createIndex(store, this.definition.collection, index)
  }

  async estimate(store: DocumentStore): Promise<number> {
    return (await findIndex(store, this.definition.collection, this.definition.name)) === undefined ? 0 : 1
  }
}

async function createIndex(store: DocumentStore, collection: string, { key, ...options }: IndexModel): Promise<void> {
  await store.collection(collection).createIndex(key, options)
}

async function findIndex(store: DocumentStore, collection: string, name: string): Promise<IndexModel | undefined> {
  if (!(await store.listCollections()).includes(collection)) return undefined
  return (await store.collection(collection).listIndexes()).find((index) => index.name === name)
}
