import { holdToArguments } from '../../core/known-arguments.ts'

/** Makes the methods of a repository refuse arguments that they do not read. */
export function refuseOtherArguments(prototype: object): void {
  holdToArguments(prototype, {
    byPromise: {
      ...{ find: 2, get: 2, findBySpec: 2, list: 1, page: 1, count: 2, exists: 2, save: 1, upsert: 2, saveMany: 1 },
      ...{ delete: 2, deleteMany: 2, restore: 1, findIn: 2 },
    },
    atOnce: { stream: 1, trackIn: 2, saveIn: 2, deleteIn: 3 },
  })
}
