import type { Budget, PlanWarning } from '../../../nosql/contract/explanation.ts'
import type { MongoDbQuery } from '../../../nosql/contract/vendor-query.ts'
import { assertEqual, assertFails } from '../assert.ts'
import type { At, Cell } from './row.ts'

const overBudget = 'LEX_ERR_NOSQL_010'
const unsupported = 'LEX_ERR_NOSQL_009'
const wrongUse = 'LEX_ERR_USE_001'

/** A field of what a method returned. */
export const field = (value: unknown, name: string): unknown => Reflect.get(Object(value), name)
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Documents of every call. All have `s`, which no index answers. */
export const stored = [1, 2, 3].map((n) => ({ _id: n, n, s: 'x', list: [1, 5] }))

async function unchanged(at: At): Promise<void> {
  assertEqual(await at.documents(), stored, `${at.what}: the documents`)
}

/** Fails with this code, and nothing is done. */
export async function refuses(at: At, options: object, code: string): Promise<void> {
  await at.reset()
  await assertFails(() => at.call(options), code, { what: at.what })
  await unchanged(at)
}

const obeysSignal: Cell = async (at) => {
  const reason = new Error('the caller has left')
  await at.reset()
  const thrown: unknown = await at.call({ signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)
  assertEqual(thrown === reason, true, `${at.what}: the reason of the signal`)
  await unchanged(at)
}

/** What every call has. */
export const calls = {
  signal: obeysSignal,
  deadline: (at: At) => refuses(at, { deadline: Date.now() - 1 }, 'LEX_ERR_INFRA_002'),
}

/** What matches is what its transaction has written, and what is written is gone with it. */
const obeysSession: Cell = async (at) => {
  if (at.store.capabilities.transaction.kind === 'none') return
  const own = { _id: 5, n: 5, s: 'x', list: [] }
  const given = { filter: { _id: 5 } }
  const rollback = new Error('roll back')
  const { result } = await at.outcome({}, given)
  await at.reset()
  let within: unknown
  const ended: unknown = await at.store
    .withSession((session) =>
      session.withTransaction(async () => {
        await at.items.insertOne(own, { session })
        within = await at.call({ session }, given)
        throw rollback
      }),
    )
    .catch((error: unknown) => error)
  assertEqual(ended === rollback, true, `${at.what}: the end of its transaction`)
  assertEqual(JSON.stringify(within) === JSON.stringify(result), false, `${at.what}: what its transaction sees`)
  await unchanged(at)
}

/** One that has ended is refused. */
export const refusesEndedSession: Cell = async (at) => {
  const session = await at.store.withSession(async (given) => given)
  await assertFails(() => at.call({ session }), 'LEX_ERR_NOSQL_006', { what: at.what })
}

const obeysScans: Cell = async (at) => {
  await refuses(at, { scans: 'deny' }, unsupported)
  const warnings: PlanWarning[] = []
  const warned = await at.open({ scans: 'allow', onWarning: (warning) => warnings.push(warning) })
  await at.call({ scans: 'warn' }, {}, warned.collection(at.items.name))
  assertEqual(warnings.length > 0, true, `${at.what}: a warning`)
}

const exceeds =
  (member: keyof Budget): Cell =>
  async (at) => {
    await refuses(at, { budget: { [member]: 0 } }, overBudget)
    const { result, documents } = await at.outcome({})
    const within = await at.outcome({ budget: { [member]: 1e9 } })
    assertEqual([within.result, within.documents], [result, documents], `${at.what}: within the budget`)
  }

/** For what an operation reads, sends, does and holds. */
export const budget = {
  maxRequests: exceeds('maxRequests'),
  maxDocuments: exceeds('maxDocuments'),
  maxSteps: exceeds('maxSteps'),
  maxBytes: exceeds('maxBytes'),
}

/** A variable says the same as a constant. */
const obeysLet: Cell = async (at) => {
  const filter = { $expr: { $eq: ['$n', '$$wanted'] } }
  const asked = () => at.outcome({ let: { wanted: 2 } }, { filter })
  if (at.store.capabilities.evaluates === 'none') {
    await assertFails(asked, unsupported, { what: at.what })
    return
  }
  const expected = await at.outcome({}, { filter: { n: 2 } })
  assertEqual(await asked(), expected, at.what)
}

const vendor =
  (query: MongoDbQuery, obeys: (at: At) => Promise<void>): Cell =>
  async (at) => {
    if (at.store.capabilities.vendorQuery === 'mongodb') await obeys(at)
    else await refuses(at, { mongodb: query }, unsupported)
  }

const taken = (query: MongoDbQuery): Cell =>
  vendor(query, async (at) => {
    assertEqual(await at.outcome({ mongodb: query }), await at.outcome({}), at.what)
  })

const narrowed = { n: 2 }

const narrows = (query: MongoDbQuery): Cell =>
  vendor(query, async (at) => {
    const expected = await at.outcome({}, { filter: narrowed })
    assertEqual(await at.outcome({ mongodb: query }), expected, at.what)
  })

const ofOthers = (query: MongoDbQuery): Cell => vendor(query, (at) => refuses(at, { mongodb: query }, wrongUse))

/** The server judges what these ask for. */
const judged = {
  hint: taken({ hint: '_id_' }),
  collation: taken({ collation: { locale: 'simple' } }),
  comment: taken({ comment: 'conformance' }),
}

/** Only MongoDB has it, all others refuse it. */
export const ofQuery = {
  ...judged,
  filter: narrows({ filter: narrowed }),
  stages: ofOthers({ stages: [{ $match: narrowed }] }),
}

export const ofPipeline = {
  ...judged,
  filter: ofOthers({ filter: narrowed }),
  stages: narrows({ stages: [{ $match: narrowed }] }),
}

/** What every operation on documents that match has. */
export const queries = { ...calls, session: obeysSession, scans: obeysScans, budget, let: obeysLet, mongodb: ofQuery }

/** The option makes of a call what is expected. */
export const makes =
  (
    options: object,
    given: Parameters<At['outcome']>[1],
    of: (outcome: Awaited<ReturnType<At['outcome']>>) => unknown,
  ) =>
  (expected: unknown): Cell =>
  async (at) => {
    assertEqual(of(await at.outcome(options, given)), expected, at.what)
  }
