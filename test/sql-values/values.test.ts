import { PGlite } from '@electric-sql/pglite'
import type * as pg from 'drizzle-orm/pg-core'
import { sql } from 'drizzle-orm'
import * as fc from 'fast-check'
import { inspect, isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveNeon, type NeonEndpoint } from '../../src/cli/neon-local/serve.ts'
import { isLexigramError } from '../../src/core/errors.ts'
import { fieldEq, fieldGt, fieldIn, fieldLte } from '../../src/core/specification/field.ts'
import { isSatisfiedBy } from '../../src/core/specification/satisfies.ts'
import { openDatabase, type DatabaseProvider } from '../../src/sql/database.ts'
import { neon } from '../../src/sql/drivers/neon/driver.ts'
import { pglite } from '../../src/sql/drivers/pglite/driver.ts'
import { postgres } from '../../src/sql/drivers/postgres/driver.ts'
import { SqlRepository } from '../../src/sql/repository/repository.ts'
import type { TransactionalDbSession } from '../../src/sql/session/session.ts'
import { postgresLane } from '../support/postgres-lanes.ts'
import { junk, kinds, table, type Kind } from './kinds.ts'

const start = 120_000
const runs = Number(process.env['LEXIGRAM_VALUES'] ?? 15)

interface Entity {
  readonly id: number
  readonly value: unknown
}

/** Columns differ from test to test, and with them the type of the table. */
const repositoryOf = (kind: Kind, session: TransactionalDbSession) =>
  new SqlRepository<pg.PgTable, Entity, number>(table(kind), session, {
    toEntity: (row) => row as unknown as Entity,
    toRow: (entity) => entity,
  })

let instance: PGlite
let endpoint: NeonEndpoint
const server = postgresLane('PostgreSQL')
let serverUrl = ''
beforeAll(async () => {
  instance = await PGlite.create()
  endpoint = await serveNeon({ backend: instance })
  if (server.missing === undefined) serverUrl = await server.start()
}, start)
afterAll(async () => {
  await endpoint?.close()
  await instance?.close()
  await server.stop()
}, start)

interface Lane {
  readonly name: string
  readonly missing?: string | undefined
  open(): Promise<DatabaseProvider>
  /** Over the WebSocket in a transaction, elsewhere each call by itself. */
  readonly inTransaction?: boolean
}

const lanes: readonly Lane[] = [
  { name: 'PGlite', open: () => openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' }) },
  { name: 'Neon over HTTP', open: () => openDatabase({ drivers: [neon()], url: endpoint.url }) },
  {
    name: 'Neon over a WebSocket',
    open: () => openDatabase({ drivers: [neon()], url: endpoint.url }),
    inTransaction: true,
  },
  { name: 'postgres', missing: server.missing, open: () => openDatabase({ drivers: [postgres()], url: serverUrl }) },
]

/** What becomes of a value: what is read, or that it was refused; a refusal that wrote something is neither. */
async function outcome(session: TransactionalDbSession, kind: Kind, entity: Entity): Promise<unknown> {
  const repository = repositoryOf(kind, session)
  try {
    await session.transaction((nested) => repositoryOf(kind, nested).save(entity))
  } catch (error) {
    const expected = ['LEX_ERR_USE_001', 'LEX_ERR_SQL_026']
    if (!isLexigramError(error) || !expected.includes(error.code)) throw error
    expect(await repository.find(entity.id), 'a refused value is not stored').toBeNull()
    return 'refused'
  }
  const found = await repository.get(entity.id)
  return found.ok ? found.value : found
}

describe.each(lanes)('values that are saved and read, $name', (lane) => {
  let database: DatabaseProvider
  beforeAll(async () => {
    if (lane.missing !== undefined) return
    database = await lane.open()
    await using session = database.session()
    await session.batch(
      ['drop type if exists values_mood cascade', "create type values_mood as enum ('sad', 'ok')"].map(raw),
    )
  }, start)
  afterAll(() => database?.[Symbol.asyncDispose]())

  const within = async (work: (session: TransactionalDbSession) => Promise<void>): Promise<void> => {
    await using session = database.session()
    if (lane.inTransaction === true) await session.transaction((tx) => work(tx))
    else await work(session)
  }
  const prepare = async (kind: Kind): Promise<void> => {
    await using session = database.session()
    await session.batch([
      raw(`drop table if exists "values_${kind.name}"`),
      raw(`create table "values_${kind.name}" (id int primary key, value ${kind.type})`),
    ])
  }

  it.each(kinds)('$name: what was saved is read again', { timeout: start }, async (kind) => {
    if (lane.missing !== undefined) return
    await prepare(kind)
    const values = fc.sample(kind.values, { numRuns: runs, seed: 20_261_128 })
    await within(async (session) => {
      const entities: Entity[] = []
      for (const [id, value] of values.entries()) {
        const read = await outcome(session, kind, { id, value })
        if (read === 'refused') expect(kind.mayRefuse?.(value) ?? false, `refused: ${String(value)}`).toBe(true)
        else {
          expect(read).toEqual({ id, value: kind.kept?.(value) ?? value })
          entities.push(read as Entity)
        }
      }
      if (kind.comparable === false) return
      for (const value of entities.slice(0, 8).map((entity) => entity.value as never)) {
        const ordered =
          kind.ordered === false ? [] : [fieldGt<Entity>('value', value), fieldLte<Entity>('value', value)]
        for (const where of [fieldEq<Entity>('value', value), fieldIn<Entity>('value', [value]), ...ordered]) {
          const found: number[] = []
          for await (const { id } of repositoryOf(kind, session).stream({ where, limit: 100 })) found.push(id)
          const wanted = entities.filter((entity) => isSatisfiedBy(where, entity)).map(({ id }) => id)
          expect(found.sort((a, b) => a - b)).toEqual(wanted)
        }
      }
    })
  })

  it.each(kinds)('$name: another value is kept or refused', { timeout: start }, async (kind) => {
    if (lane.missing !== undefined) return
    await prepare(kind)
    await within(async (session) => {
      for (const [id, value] of junk.entries()) {
        const read = await outcome(session, kind, { id, value })
        if (read === 'refused') continue
        const kept = (read as Entity).value
        const isSame = isDeepStrictEqual(kept, value) || kept === value || kind.isForm?.(value, kept) === true
        expect(isSame, `${kind.name}: ${typeof value} ${inspect(kept)}`).toBe(true)
      }
    })
  })
})

function raw(text: string) {
  return sql.raw(text)
}
