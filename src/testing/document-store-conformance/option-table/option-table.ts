import type { Collection } from '../../../nosql/collection/collection.ts'
import { untyped } from '../../assert.ts'
import { assertFails } from '../assert.ts'
import { topic, type CaseContext, type Check } from '../conformance-case.ts'
import * as administration from './administration.ts'
import { bulkOperations } from './bulk-operations.ts'
import * as reads from './reads.ts'
import type { At, Cell, Given, Method, OptionsOf, Row } from './row.ts'
import { stored } from './shared-cells.ts'
import * as writes from './writes.ts'

/** Every method with every option that its types have. */
const methods: { readonly [M in Method]: Row<OptionsOf<M>> } = { ...reads, ...writes, ...administration }

type Members = Readonly<Record<string, Cell>>

/** A row without the types of its options. */
interface AnyRow {
  run(items: Collection, options: never, given: Given): Promise<unknown>
  readonly refusal?: string
  readonly cells: Readonly<Record<string, Cell | Members>>
}

const rows: ReadonlyMap<string, AnyRow> = new Map([
  ...Object.entries<AnyRow>(methods),
  ...Object.entries<AnyRow>(bulkOperations).map(([name, row]) => [`${name} of bulkWrite`, row] as const),
])

/** The cells of a row, those of limits and vendor's options by their own names. */
function cellsOf({ cells }: AnyRow): readonly (readonly [name: string, cell: Cell])[] {
  return Object.entries(cells).flatMap(([name, cell]) =>
    typeof cell === 'function'
      ? [[name, cell] as const]
      : Object.entries(cell).map(([member, inner]) => [`${name}.${member}`, inner] as const),
  )
}

/** A value of each option as some method takes it. */
const plausible: Readonly<Record<string, unknown>> = {
  signal: new AbortController().signal,
  deadline: 1e15,
  session: undefined,
  budget: { maxRequests: 1e9 },
  scans: 'allow',
  let: { wanted: 2 },
  mongodb: { comment: 'conformance' },
  pipelineBudget: { maxSteps: 1e9 },
  sort: { n: 1 },
  projection: { n: 1 },
  arrayFilters: [{ big: 1 }],
  longs: 'bigint',
  returnDocument: 'after',
  after: 'x',
  name: 'x',
  expireAfterSeconds: 1,
  partialFilterExpression: { n: 1 },
  consistency: 'strong',
  onProgress: () => undefined,
  resumeAfter: { _data: 'x' },
  fullDocument: 'default',
  skip: 1,
  limit: 1,
  partition: 1,
  shards: 2,
}

const everyOption = new Set([...rows.values()].flatMap(({ cells }) => Object.keys(cells)))

/** What a method does not have, it refuses. */
async function refusesOthers(
  at: (option: string) => At,
  { cells, refusal = 'LEX_ERR_USE_001' }: AnyRow,
): Promise<void> {
  await at('any option').reset()
  for (const option of everyOption) {
    if (Object.hasOwn(cells, option)) continue
    const here = at(option)
    const value = option in plausible ? plausible[option] : true
    await assertFails(() => here.call({ [option]: value }), refusal, { what: here.what })
  }
}

const defaults: Given = {
  filter: { s: { $exists: true } },
  update: { $set: { done: true } },
  documents: undefined,
  stages: [],
}

function atOf({ store, items, open }: CaseContext, row: AnyRow, what: string): At {
  const documents = () => items.find({}, { sort: '_id' }).toArray()
  const reset = async (): Promise<void> => {
    await items.deleteMany({})
    await items.insertMany(stored)
  }
  const call = async (options: object, given: Partial<Given> = {}, on: Collection = items): Promise<unknown> =>
    // Options that a method does not have are what some of the cells are about.
    row.run(on, untyped(options), { ...defaults, ...given })
  return {
    ...{ store, items, open, what, documents, reset, call },
    async outcome(options, given) {
      await reset()
      return { result: await call(options, given), documents: await documents() }
    },
  }
}

/** A method that is refused as a whole has no options. */
function isAble({ store: { capabilities } }: CaseContext, name: string): boolean {
  if (name === 'aggregate') return capabilities.evaluates !== 'none'
  return (name !== 'createIndex' && name !== 'createIndexes') || capabilities.index.create
}

const check =
  (name: string, row: AnyRow): Check =>
  async (context) => {
    const at = (option: string) => atOf(context, row, `${name} with ${option}`)
    if (!isAble(context, name)) {
      await assertFails(() => at('no option').call({}), 'LEX_ERR_NOSQL_009', { what: name })
      return
    }
    for (const [option, cell] of cellsOf(row)) await cell(at(option))
    await refusesOthers(at, row)
  }

/** Lanes of a driver beside its first leave it out: options are obeyed in front of a transport and a platform. */
export const optionTopic = 'every option of every method is obeyed or refused'

export const optionTableCases = topic(
  optionTopic,
  Object.fromEntries([...rows].map(([name, row]) => [name, check(name, row)])),
)
