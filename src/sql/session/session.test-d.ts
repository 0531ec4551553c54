import { sql } from 'drizzle-orm'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { describe, expectTypeOf, it } from 'vitest'
import type { TokenValue } from '../../core/token.ts'
import { fieldEq } from '../../core/specification/field.ts'
import { SqlRepository } from '../repository/repository.ts'
import type { SqlRows } from '../text-format/rows.ts'
import { withSchema, type DbSession, type TransactionalDbSession } from '../tokens.ts'

const products = pgTable('products', { id: text().primaryKey(), stock: integer().notNull(), note: text() })
type Product = typeof products.$inferSelect

declare const session: DbSession
declare const transactional: TransactionalDbSession

describe('sessions', () => {
  it('give plain rows of the type that the caller names', () => {
    expectTypeOf(session.execute(sql`select 1`)).resolves.toEqualTypeOf<SqlRows>()
    expectTypeOf(session.execute<{ n: number }>('select 1')).resolves.toEqualTypeOf<SqlRows<{ n: number }>>()
  })

  it('give a batch its results item by item', () => {
    const batch = session.batch([
      session.db.select().from(products),
      session.db.insert(products).values({ id: 'a', stock: 1 }).returning({ id: products.id }),
      sql`select 1`,
    ])
    expectTypeOf(batch).resolves.toEqualTypeOf<[Product[], { id: string }[], SqlRows]>()
  })

  it('have interactive transactions only where the driver has', () => {
    expectTypeOf(session).not.toHaveProperty('transaction')
    expectTypeOf(transactional).toExtend<DbSession>()
    expectTypeOf(transactional.transaction(async (tx) => tx.execute<{ n: 1 }>('x'))).resolves.toEqualTypeOf<
      SqlRows<{ n: 1 }>
    >()
    expectTypeOf(session.db).not.toHaveProperty('transaction')
  })

  it('know the tables of the schema that they are given', () => {
    const tokens = withSchema<{ products: typeof products }>()
    expectTypeOf<TokenValue<typeof tokens.DbSession>>().toEqualTypeOf<DbSession<{ products: typeof products }>>()
    expectTypeOf<DbSession<{ products: typeof products }>['db']['query']>().toHaveProperty('products')
  })
})

describe('repositories', () => {
  const repository = new SqlRepository(products, session, {
    toEntity: (row): Product => row,
    toRow: (product) => product,
  })

  it('take ids, fields and columns of their table', () => {
    expectTypeOf<Parameters<typeof repository.find>[0]>().toEqualTypeOf<string>()
    expectTypeOf(repository.find('a')).resolves.toEqualTypeOf<Product | null>()
    void repository.findBySpec(fieldEq('stock', 1), { sort: [['stock', 'desc']] })
    // @ts-expect-error no such column
    void repository.list({ sort: [['nope', 'asc']] })
    // @ts-expect-error no such field
    void repository.findBySpec(fieldEq<Product>('nope', 1))
    // @ts-expect-error no such column
    void new SqlRepository(products, session, { toEntity: (row) => row, toRow: (row) => row }, { version: 'nope' })
  })
})
