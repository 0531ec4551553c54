import { afterAll, describe, expect, it } from 'vitest'
import { documentEntries } from '../../../test/support/repositories/document-entries.ts'
import { sqlEntries } from '../../../test/support/repositories/sql-entries.ts'
import { createDocumentStore } from '../../nosql/index.ts'
import { memory } from '../../nosql/drivers/memory/memory-driver.ts'
import { pglite } from '../../sql/drivers/pglite/driver.ts'
import { openDatabase } from '../../sql/index.ts'
import type { Repository } from '../../core/repository/repository.ts'
import type { Entry, RepositoryHarness, RepositoryTraits } from './conformance-case.ts'
import { repositoryCases, repositoryConformance } from './repository-conformance.ts'

const documents: RepositoryHarness = { open: () => documentEntries(createDocumentStore(memory())) }

describe('documents in memory', () => {
  repositoryConformance(documents, { describe, it })
})

describe('SQL on PGlite', async () => {
  const database = await openDatabase({ drivers: [pglite()], url: 'pglite:memory' })
  const session = database.session()
  afterAll(async () => {
    await session[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })
  repositoryConformance({ open: () => sqlEntries(session) }, { describe, it })
})

describe('a repository that misleads', () => {
  /** The harness with a repository whose methods are replaced. */
  const lying = (change: (repository: Repository<Entry>, traits: RepositoryTraits) => object): RepositoryHarness => ({
    async open() {
      const storage = await documents.open()
      return {
        repository(traits) {
          const repository = storage.repository(traits)
          const changed: object = change(repository, traits)
          return new Proxy(repository, {
            get: (target, name) => {
              const owner = Object.hasOwn(changed, name) ? changed : target
              const value: unknown = Reflect.get(owner, name, owner)
              return typeof value === 'function' ? value.bind(owner) : value
            },
          })
        },
        [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
      }
    },
  })

  it.each<[string, string, Parameters<typeof lying>[0]]>([
    ['counts the deleted', 'soft deletion', (r) => ({ count: (s: never) => r.count(s, { includeDeleted: true }) })],
    ['ignores the sort', 'reads', (r) => ({ list: (o: object) => r.list({ ...o, sort: [] }) })],
    ['ignores where', 'reads', (r) => ({ page: (o: object) => r.page({ ...o, where: undefined as never }) })],
    ['ignores an expected version', 'versions', (r) => ({ delete: (id: string) => r.delete(id) })],
    [
      'takes a cursor for page one',
      'reads',
      (r) => ({ page: (o: object) => r.page({ ...o, after: null }).then((p) => ({ ...p, next: null })) }),
    ],
    [
      'says that nothing was deleted',
      'writes',
      (r) => ({ delete: async (id: string) => (await r.delete(id)) && false }),
    ],
  ])('%s: it fails in %s', async (_name, topic, change) => {
    const failed: string[] = []
    for (const each of repositoryCases().filter((one) => one.topic === topic)) {
      await each.run(lying(change)).catch(() => failed.push(each.name))
    }
    expect(failed).not.toEqual([])
  })
})
