import { asc, eq, sql } from 'drizzle-orm'
import { fieldEq } from '../../src/core/specification/field.ts'
import { SqlRepository } from '../../src/sql/repository/repository.ts'
import { compareInRounds, type Cases } from '../engine/rounds.ts'
import { count } from './count.ts'
import { mikroOrm } from './mikro-orm.ts'
import { byHand, entities, products, total, type Product } from './products.ts'
import { answers } from './transport.ts'
import { typeorm } from './typeorm.ts'

const names = '"id", "name", "stock", "sold", "changed"'
const mapping = { toEntity: (row: Product) => row, toRow: (product: Product) => product }
const repositoryOver = async (count: number, answer: 'rows' | 'positions' | 'guarded' = 'rows') =>
  new SqlRepository<typeof products, Product>(products, await answers(count).session(answer), mapping)
const valuesOf = ({ id, name, stock, sold, changed }: Product): unknown[] => [
  id,
  name,
  stock,
  sold,
  changed.toISOString(),
]
const [entity] = entities as [Product]

async function find(): Promise<Cases> {
  const one = answers(1)
  const db = one.drizzle()
  const prepared = db
    .select()
    .from(products)
    .where(eq(products.id, sql.placeholder('id')))
    .prepare('find')
  const kysely = one.kysely()
  const repository = await repositoryOver(1)
  return {
    'raw and a mapper by hand': async () =>
      total((await one.query(`select ${names} from products where id = $1`, ['product-0'])).map(byHand)),
    'lexigram-edge': async () => total([(await repository.find('product-0'))!]),
    'Drizzle, prepared': async () => total(await prepared.execute({ id: 'product-0' })),
    Drizzle: async () => total(await db.select().from(products).where(eq(products.id, 'product-0'))),
    Kysely: async () => total(await kysely.selectFrom('products').selectAll().where('id', '=', 'product-0').execute()),
  }
}

async function save(): Promise<Cases> {
  const one = answers(1)
  const db = one.drizzle()
  const kysely = one.kysely()
  const repository = await repositoryOver(1)
  const { id: _id, ...changes } = entity
  const text = `insert into products (${names}) values ($1, $2, $3, $4, $5) on conflict (id) do update set name = excluded.name, stock = excluded.stock, sold = excluded.sold, changed = excluded.changed returning ${names}`
  return {
    'raw and a mapper by hand': async () => total((await one.query(text, valuesOf(entity))).map(byHand)),
    'lexigram-edge': async () => total([await repository.save(entity)]),
    Drizzle: async () =>
      total(
        await db.insert(products).values(entity).onConflictDoUpdate({ target: products.id, set: changes }).returning(),
      ),
    Kysely: async () =>
      total(
        await kysely
          .insertInto('products')
          .values(entity)
          .onConflict((conflict) => conflict.column('id').doUpdateSet(changes))
          .returningAll()
          .execute(),
      ),
  }
}

/** The first of several pages of twenty. A repository's has a cursor that is sealed, MikroORM's one that is not. */
async function page(): Promise<Cases> {
  const twentyOne = answers(21)
  const db = twentyOne.drizzle()
  const kysely = twentyOne.kysely()
  const repository = await repositoryOver(21, 'positions')
  const where = fieldEq<Product>('sold', true)
  const text = `select ${names} from products where sold = $1 order by name, id limit 21`
  return {
    'raw and a mapper by hand': async () => total((await twentyOne.query(text, [true])).slice(0, 20).map(byHand)),
    'lexigram-edge': async () => total((await repository.page({ where, sort: [['name', 'asc']] })).items),
    Drizzle: async () =>
      total(
        (
          await db
            .select()
            .from(products)
            .where(eq(products.sold, true))
            .orderBy(asc(products.name), asc(products.id))
            .limit(21)
        ).slice(0, 20),
      ),
    Kysely: async () =>
      total(
        (
          await kysely
            .selectFrom('products')
            .selectAll()
            .where('sold', '=', true)
            .orderBy('name')
            .orderBy('id')
            .limit(21)
            .execute()
        ).slice(0, 20),
      ),
  }
}

async function saveMany(): Promise<Cases> {
  const twenty = answers(20)
  const db = twenty.drizzle()
  const kysely = twenty.kysely()
  const repository = await repositoryOver(20, 'guarded')
  const list = entities.slice(0, 20)
  const tuples = list
    .map((_, i) => `($${i * 5 + 1}, $${i * 5 + 2}, $${i * 5 + 3}, $${i * 5 + 4}, $${i * 5 + 5})`)
    .join()
  const text = `insert into products (${names}) values ${tuples} returning ${names}`
  return {
    'raw and a mapper by hand': async () => total((await twenty.query(text, list.flatMap(valuesOf))).map(byHand)),
    'lexigram-edge': async () => total(await repository.saveMany(list)),
    Drizzle: async () =>
      total(
        await db
          .insert(products)
          .values([...list])
          .returning(),
      ),
    Kysely: async () => total(await kysely.insertInto('products').values(list).returningAll().execute()),
  }
}

const sections: Readonly<Record<string, readonly [title: string, cases: () => Promise<Cases>]>> = {
  find: ['one entity by its id', find],
  save: ['an entity stored over itself', save],
  page: ['a page of twenty by a filter', page],
  count: ['how many satisfy a filter', count],
  'save-many': ['twenty entities stored', saveMany],
}

const section = process.argv[2] ?? 'find'
const [title, cases] = sections[section]!
await compareInRounds(`sql-${section}`, {
  title: `SQL over a transport that answers at once: ${title}`,
  cases: { ...(await cases()), ...(await typeorm[section]!()), ...(await mikroOrm[section]!()) },
})
