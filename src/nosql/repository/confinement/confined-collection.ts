import type { AggregateOptions } from '../../collection/aggregate.ts'
import type { BulkOperation } from '../../collection/bulk-operations.ts'
import type { BulkWriteOptions } from '../../collection/bulk-write.ts'
import type { Collection } from '../../collection/collection.ts'
import type { CountOptions } from '../../collection/count.ts'
import type { FindPageOptions } from '../../collection/find-page.ts'
import type { InsertManyOptions } from '../../collection/insert.ts'
import type { FindOptions, OperationOptions } from '../../collection/checks/operation-options.ts'
import type { Filter } from '../../collection/question.ts'
import type {
  FindOneAndDeleteOptions,
  FindOneAndReplaceOptions,
  FindOneAndUpdateOptions,
  ReplaceOneOptions,
  Update,
  UpdateManyOptions,
  UpdateOneOptions,
} from '../../collection/write-options.ts'
import { confineDocument, confineUpdate } from './confined-write.ts'
import { confinePipeline, type Stage } from './confined-pipeline.ts'
import type { Document } from '../../query/value.ts'
import type { TenantMark } from '../options.ts'

/**
 * A collection through a filter that no call can leave: what does not match is neither read, counted, changed nor
 * deleted, whatever the caller's own filter says. With a tenant, what is written carries it and cannot lose it.
 *
 * It deletes for good; soft deletion is the repository's `delete`.
 */
export class ConfinedCollection {
  readonly name: string
  readonly #collection: Collection
  readonly #base: readonly Filter[]
  readonly #tenant: TenantMark | undefined

  constructor(collection: Collection, base: readonly Filter[], tenant: TenantMark | undefined) {
    this.name = collection.name
    this.#collection = collection
    this.#base = base
    this.#tenant = tenant
  }

  find(filter: Filter = {}, options: FindOptions = {}) {
    return this.#collection.find(this.#narrow(filter), options)
  }

  findOne(filter: Filter = {}, options: FindOptions = {}) {
    return this.#collection.findOne(this.#narrow(filter), options)
  }

  findPage(filter: Filter = {}, options: FindPageOptions = {}) {
    return this.#collection.findPage(this.#narrow(filter), options)
  }

  countDocuments(filter: Filter = {}, options: CountOptions = {}) {
    return this.#collection.countDocuments(this.#narrow(filter), options)
  }

  distinct(field: string, filter: Filter = {}, options: OperationOptions = {}) {
    return this.#collection.distinct(field, this.#narrow(filter), options)
  }

  /** The stages that read this collection again get the filter as well; see `narrowPipeline` for what is refused. */
  aggregate<R extends object = Document>(pipeline: readonly Stage[], options: AggregateOptions = {}) {
    const confined = this.#tenant !== undefined
    const stages = confinePipeline(pipeline, { collection: this.name, base: this.#base, confined })
    return this.#collection.aggregate<R>(stages, options)
  }

  explain(filter: Filter = {}, options: FindOptions = {}) {
    return this.#collection.explain(this.#narrow(filter), options)
  }

  insertOne(document: object, options: OperationOptions = {}) {
    return this.#collection.insertOne(this.#document(document), options)
  }

  insertMany(documents: readonly object[], options: InsertManyOptions = {}) {
    const confined = documents.map((document) => this.#document(document))
    return this.#collection.insertMany(confined, options)
  }

  updateOne(filter: Filter, update: Update, options: UpdateOneOptions = {}) {
    return this.#collection.updateOne(this.#narrow(filter), this.#update(update), options)
  }

  updateMany(filter: Filter, update: Update, options: UpdateManyOptions = {}) {
    return this.#collection.updateMany(this.#narrow(filter), this.#update(update), options)
  }

  replaceOne(filter: Filter, replacement: object, options: ReplaceOneOptions = {}) {
    return this.#collection.replaceOne(this.#narrow(filter), this.#document(replacement), options)
  }

  deleteOne(filter: Filter, options: OperationOptions = {}) {
    return this.#collection.deleteOne(this.#narrow(filter), options)
  }

  deleteMany(filter: Filter, options: OperationOptions = {}) {
    return this.#collection.deleteMany(this.#narrow(filter), options)
  }

  findOneAndUpdate(filter: Filter, update: Update, options: FindOneAndUpdateOptions = {}) {
    return this.#collection.findOneAndUpdate(this.#narrow(filter), this.#update(update), options)
  }

  findOneAndReplace(filter: Filter, replacement: object, options: FindOneAndReplaceOptions = {}) {
    return this.#collection.findOneAndReplace(this.#narrow(filter), this.#document(replacement), options)
  }

  findOneAndDelete(filter: Filter, options: FindOneAndDeleteOptions = {}) {
    return this.#collection.findOneAndDelete(this.#narrow(filter), options)
  }

  bulkWrite(operations: readonly BulkOperation[], options: BulkWriteOptions = {}) {
    return this.#collection.bulkWrite(
      operations.map((operation) => this.#operation(operation)),
      options,
    )
  }

  #operation(operation: BulkOperation): BulkOperation {
    if ('insertOne' in operation) return { insertOne: { document: this.#document(operation.insertOne.document) } }
    if ('updateOne' in operation) return { updateOne: this.#changed(operation.updateOne) }
    if ('updateMany' in operation) return { updateMany: this.#changed(operation.updateMany) }
    if ('deleteOne' in operation) return { deleteOne: this.#narrowed(operation.deleteOne) }
    if ('deleteMany' in operation) return { deleteMany: this.#narrowed(operation.deleteMany) }
    if (!('replaceOne' in operation)) return operation
    const { replacement, ...rest } = this.#narrowed(operation.replaceOne)
    return { replaceOne: { ...rest, replacement: this.#document(replacement) } }
  }

  #changed<O extends { readonly filter: Filter; readonly update: Update }>(operation: O): O {
    return { ...this.#narrowed(operation), update: this.#update(operation.update) }
  }

  #narrowed<O extends { readonly filter: Filter }>(operation: O): O {
    return { ...operation, filter: this.#narrow(operation.filter) }
  }

  /** The caller's filter stands beside the base, never in place of it. */
  #narrow(filter: Filter): Filter {
    if (this.#base.length === 0) return filter
    return { $and: [...this.#base, filter] }
  }

  #document(document: object): Document {
    return this.#tenant === undefined ? (document as Document) : confineDocument(document, this.#tenant)
  }

  #update(update: Update): Update {
    return this.#tenant === undefined ? update : confineUpdate(update, this.#tenant)
  }
}
