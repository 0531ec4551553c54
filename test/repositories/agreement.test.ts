import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isLexigramError, type Page, type Repository } from 'lexigram-edge'
import { createDocumentStore } from 'lexigram-edge/nosql'
import { memory } from 'lexigram-edge/nosql/memory'
import { fieldEq, fieldGt, fieldIn, fieldNe } from 'lexigram-edge/specification'
import { openDatabase, type DatabaseProvider } from 'lexigram-edge/sql'
import { pglite } from 'lexigram-edge/sql/pglite'
import type { Entry, RepositoryStorage } from 'lexigram-edge/testing'
import { documentEntries } from '../support/repositories/document-entries.ts'
import { sqlEntries } from '../support/repositories/sql-entries.ts'

/** What a call answered: its value as JSON, or the code of its error. */
type Answer = string
type Call = (repository: Repository<Entry>, versionOf: VersionOf | undefined) => Promise<unknown>
/** The version that is stored, in a repository that counts them. */
type VersionOf = (id: string) => Promise<number | undefined>

/** A list that SQL stores as a whole, and documents up to the one that is refused. */
class StoredTogether extends Error {}

interface Traits {
  readonly softDelete: boolean
  readonly version: boolean
  readonly timestamps: boolean
  readonly tenants: boolean
}

const id = fc.constantFrom('a', 'b', 'c', 'd')
const entry = fc.record({
  id,
  title: fc.constantFrom('x', 'y', ''),
  done: fc.boolean(),
  rank: fc.constantFrom(null, 0, 1, 2.5),
  at: fc.constantFrom(new Date(0), new Date(5)),
  version: fc.constantFrom<(number | 'read' | undefined)[]>(undefined, undefined, 1, 2, 0, -1, 'read', 'read'),
})
const visibility = fc.constantFrom({}, {}, { includeDeleted: true })
const condition = fc.constantFrom(
  undefined,
  fieldEq<Entry>('done', true),
  fieldGt<Entry>('rank', 0),
  fieldIn<Entry>('id', ['a', 'c']),
  fieldNe<Entry>('rank', null),
)
const sort = fc.constantFrom<NonNullable<Parameters<Repository<Entry>['list']>[0]>['sort'] & object>(
  [['id', 'asc']],
  [
    ['rank', 'asc'],
    ['id', 'desc'],
  ],
  [
    ['title', 'desc'],
    ['id', 'asc'],
  ],
)

const call: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 4,
    arbitrary: entry.map(
      (given): Call =>
        async (on, versionOf) =>
          on.save(await read(given, versionOf)),
    ),
  },
  fc.array(entry, { maxLength: 4 }).map((list): Call => async (on, versionOf) => {
    const entities = await Promise.all(list.map((given) => read(given, versionOf)))
    return on.saveMany(entities).catch((cause: unknown) => {
      throw new StoredTogether('a list was refused', { cause })
    })
  }),
  fc.tuple(id, fc.constantFrom({}, {}, { hard: true }, { version: 1 }, { version: 2, hard: true })).map(
    ([which, options]): Call =>
      (on) =>
        on.delete(which, options),
  ),
  fc.tuple(fc.array(id, { maxLength: 4 }), fc.constantFrom({}, { hard: true })).map(
    ([which, options]): Call =>
      (on) =>
        on.deleteMany(which, options),
  ),
  id.map(
    (which): Call =>
      (on) =>
        on.restore(which),
  ),
  fc.tuple(id, visibility).map(
    ([which, options]): Call =>
      (on) =>
        on.find(which, options),
  ),
  fc.tuple(id, visibility).map(
    ([which, options]): Call =>
      (on) =>
        on.exists(which, options),
  ),
  fc.tuple(condition, visibility).map(
    ([where, options]): Call =>
      (on) =>
        on.count(where, options),
  ),
  fc
    .tuple(condition, visibility, sort, fc.nat(3), fc.nat(2))
    .map(([where, visible, order, limit, skip]): Call => (on) => {
      const options = { ...visible, sort: order, limit, skip }
      return where === undefined ? on.list(options) : on.findBySpec(where, options)
    }),
  fc.tuple(condition, visibility, sort, fc.integer({ min: 1, max: 3 })).map(([where, visible, order, limit]): Call => {
    return (on) => pagesOf(on, { ...visible, ...(where && { where }), sort: order, limit })
  }),
)

/** An entity with the version that is stored, where the program says so. */
async function read(
  { version, ...fields }: Omit<Entry, 'version'> & { readonly version: number | 'read' | undefined },
  versionOf: VersionOf | undefined,
): Promise<Entry> {
  if (versionOf === undefined) return fields
  const known = version === 'read' ? await versionOf(fields.id) : version
  return known === undefined ? fields : { ...fields, version: known }
}

async function pagesOf(on: Repository<Entry>, options: Parameters<Repository<Entry>['page']>[0]) {
  const pages: Page<Entry>['items'][] = []
  let after: string | null = null
  do {
    const page: Page<Entry> = await on.page({ ...options, after })
    pages.push(page.items)
    after = page.next
  } while (after !== null)
  return pages
}

/** Runs a program whose calls come one second after the other, each by one of two tenants. */
async function run(storage: RepositoryStorage, traits: Traits, program: readonly (readonly [string, Call])[]) {
  let now = 0
  let tenant = ''
  const repository = storage.repository({
    softDelete: traits.softDelete,
    version: traits.version,
    ...(traits.timestamps && { timestamps: { clock: () => now } }),
    ...(traits.tenants && { tenant: () => tenant }),
  })
  const stored: VersionOf = async (which) =>
    (await repository.find(which, { includeDeleted: traits.softDelete }))?.version
  const answers: Answer[] = []
  for (const [who, one] of program) {
    now += 1000
    tenant = who
    try {
      answers.push(JSON.stringify(sortKeys((await one(repository, traits.version ? stored : undefined)) ?? null)))
    } catch (error) {
      const cause = error instanceof StoredTogether ? error.cause : error
      answers.push(isLexigramError(cause) ? cause.code : String(cause))
      if (error instanceof StoredTogether) break
    }
  }
  return answers
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const members = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(members.map(([key, member]) => [key, sortKeys(member)]))
}

let database: DatabaseProvider
beforeAll(async () => {
  database = await openDatabase({ url: 'pglite:memory', drivers: [pglite()] })
}, 60_000)
afterAll(() => database[Symbol.asyncDispose]())

it('tables and documents give the same answers to random programs', async () => {
  const store = createDocumentStore(memory())
  const traits = fc.record({
    softDelete: fc.boolean(),
    version: fc.boolean(),
    timestamps: fc.boolean(),
    tenants: fc.boolean(),
  })
  const program = fc.array(fc.tuple(fc.constantFrom('north', 'south'), call), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(traits, program, async (given, calls) => {
      await using session = database.session()
      await using tables = await sqlEntries(session)
      await using documents = await documentEntries(store)
      expect(await run(documents, given, calls)).toEqual(await run(tables, given, calls))
    }),
    { numRuns: 60 },
  )
}, 120_000)
