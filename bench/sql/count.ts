import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Kysely } from 'kysely'
import type { Cases } from '../engine/rounds.ts'
import { answeringDialect } from './dialect.ts'
import { lexigram } from './lexigram.ts'
import { products } from './products.ts'
import type { Tables } from './transport.ts'

/** How many rows satisfy a filter, over a transport whose answer is 20, a text as the server sends it. */
export async function count(): Promise<Cases> {
  const answer = [{ count: '20' }]
  const query = async (_text: string, _values: readonly unknown[]) => [['20']] as const
  const db = drizzle({ query: async () => ({ rows: answer, rowCount: 1 }) } as never)
  const kysely = new Kysely<Tables>({ dialect: answeringDialect(() => ({ rows: answer })) })
  return {
    'raw and a mapper by hand': async () =>
      Number((await query('select count(*) from products where sold = $1', [true]))[0][0]),
    ...(await lexigram.count()),
    Drizzle: () => db.$count(products, eq(products.sold, true)),
    Kysely: async () => {
      const counting = kysely.selectFrom('products').select(({ fn }) => fn.countAll().as('count'))
      return Number((await counting.where('sold', '=', true).executeTakeFirstOrThrow()).count)
    },
  }
}
