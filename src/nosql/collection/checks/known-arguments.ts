import type { MethodCounts } from '../../../core/known-arguments.ts'

export const collectionArguments: MethodCounts = {
  byPromise: {
    ...{ insertOne: 2, insertMany: 2, findOne: 2, findPage: 2, updateOne: 3, updateMany: 3, replaceOne: 3 },
    ...{ deleteOne: 2, deleteMany: 2, findOneAndUpdate: 3, findOneAndReplace: 3, findOneAndDelete: 2, bulkWrite: 2 },
    ...{ countDocuments: 2, estimatedDocumentCount: 1, distinct: 3, explain: 2, watch: 1, rename: 2, drop: 1 },
    ...{ createIndex: 2, createIndexes: 2, dropIndex: 2, dropIndexes: 1, listIndexes: 1 },
  },
  atOnce: { find: 2, aggregate: 2 },
}

export const repositoryArguments: MethodCounts = {
  byPromise: {
    ...{ get: 2, find: 2, list: 1, findByFilter: 2, findBySpec: 2, page: 1, count: 2, exists: 2 },
    ...{ save: 1, saveMany: 1, delete: 2, deleteMany: 2, restore: 1 },
  },
  atOnce: { stream: 1, aggregate: 2, collection: 1 },
}
