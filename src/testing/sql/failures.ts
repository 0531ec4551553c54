import { sql } from 'drizzle-orm'
import { assertFails } from '../assert.ts'
import { assertEqual, conformanceCase, type SqlConformanceCase } from './conformance-case.ts'
import { lines, orders } from './schema.ts'

const secret = 'hunter2-confidential'

/** Refused statements: the same typed error on every driver, alone and in a batch. */
export const failureCases: readonly SqlConformanceCase[] = [
  ...(
    [
      [
        'a duplicate key',
        'LEX_ERR_DB_005',
        `insert into conformance_orders values (1, '${secret}', 1)`,
        'conformance_orders_pkey',
      ],
      [
        'a missing parent',
        'LEX_ERR_SQL_010',
        'insert into conformance_lines values (1, 404)',
        'conformance_lines_order_id_fkey',
      ],
      ['a missing value', 'LEX_ERR_SQL_011', 'insert into conformance_orders (id, total) values (2, 0)', 'customer'],
      [
        'a failed check',
        'LEX_ERR_SQL_012',
        `insert into conformance_orders values (2, '${secret}', -1)`,
        'conformance_orders_total_check',
      ],
      ['a value of the wrong form', 'LEX_ERR_SQL_026', `select '${secret}'::int`, undefined],
      ['a syntax error', 'LEX_ERR_SQL_005', `selec '${secret}'`, undefined],
      ['an unknown table', 'LEX_ERR_SQL_005', 'select * from conformance_nowhere', undefined],
      ['an unknown column', 'LEX_ERR_SQL_005', 'select nope from conformance_orders', undefined],
    ] as const
  ).map(([what, code, statement, place]) =>
    conformanceCase(`${what} is ${code}, alone, in a batch and in a transaction`, async ({ session }) => {
      await session.db.insert(orders).values({ id: 1, customer: 'a', total: 0 })
      const query = sql.raw(statement)
      const errors = [
        await assertFails(session.execute(query), code, 'alone'),
        await assertFails(session.batch([sql`select 1`, query]), code, 'in a batch'),
        await assertFails(
          session.transaction((tx) => tx.execute(query)),
          code,
          'in a transaction',
        ),
      ]
      for (const error of errors) {
        const shown = JSON.stringify([error.message, error.hint, error.details])
        assertEqual(shown.includes(secret), false, 'the error shows no data')
        if (place !== undefined) assertEqual(error.message.includes(place), true, 'the error names the place')
      }
    }),
  ),
  conformanceCase('a failure of a builder names no parameter', async ({ session }) => {
    const write = () => session.db.insert(lines).values({ id: 1, orderId: 1, note: secret })
    const error = await assertFails(Promise.resolve(write()), 'LEX_ERR_SQL_010', 'a builder')
    assertEqual(`${error.message}${error.hint ?? ''}`.includes(secret), false, 'the error shows no data')
  }),
  conformanceCase('a session that has ended sends nothing', async ({ database }) => {
    const session = database.session()
    await session[Symbol.asyncDispose]()
    await assertFails(session.execute(sql`select 1`), 'LEX_ERR_USE_001', 'execute')
    await assertFails(session.batch([sql`select 1`]), 'LEX_ERR_USE_001', 'batch')
    await assertFails(Promise.resolve(session.db.select().from(orders)), 'LEX_ERR_USE_001', 'a builder')
  }),
  conformanceCase('a signal that has fired stops a statement before it is sent', async ({ database }) => {
    const gone = AbortSignal.abort()
    await using session = database.session({ signal: gone })
    await assertFails(session.execute(sql`select 1`), 'LEX_ERR_INFRA_002', 'execute')
    await assertFails(session.batch([sql`select 1`]), 'LEX_ERR_INFRA_002', 'batch')
    const transaction = session.transaction((tx) => tx.execute(sql`select 1`))
    await assertFails(transaction, 'LEX_ERR_INFRA_002', 'transaction')
  }),
  conformanceCase('the database answers a ping', async ({ database }) => {
    await database.ping()
  }),
]
