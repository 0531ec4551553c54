import { asc, eq, sql } from 'drizzle-orm'
import { compareInRounds, type Cases } from '../engine/rounds.ts'
import { count } from './count.ts'
import { lexigram } from './lexigram.ts'
import { mikroOrm } from './mikro-orm.ts'
import { byHand, entities, products, total, type Product } from './products.ts'
import { titles, type Sections } from './sections.ts'
import { answers } from './transport.ts'
import { typeorm } from './typeorm.ts'

const names = '"id", "name", "stock", "sold", "changed"'
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
  return {
    'raw and a mapper by hand': async () =>
      total((await one.query(`select ${names} from products where id = $1`, ['product-0'])).map(byHand)),
    ...(await lexigram.find()),
    'Drizzle, prepared': async () => total(await prepared.execute({ id: 'product-0' })),
    Drizzle: async () => total(await db.select().from(products).where(eq(products.id, 'product-0'))),
    Kysely: async () => total(await kysely.selectFrom('products').selectAll().where('id', '=', 'product-0').execute()),
  }
}

async function save(): Promise<Cases> {
  const one = answers(1)
  const db = one.drizzle()
  const kysely = one.kysely()
  const { id: _id, ...changes } = entity
  const text = `insert into products (${names}) values ($1, $2, $3, $4, $5) on conflict (id) do update set name = excluded.name, stock = excluded.stock, sold = excluded.sold, changed = excluded.changed returning ${names}`
  return {
    'raw and a mapper by hand': async () => total((await one.query(text, valuesOf(entity))).map(byHand)),
    ...(await lexigram.save()),
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
  const text = `select ${names} from products where sold = $1 order by name, id limit 21`
  return {
    'raw and a mapper by hand': async () => total((await twentyOne.query(text, [true])).slice(0, 20).map(byHand)),
    ...(await lexigram.page()),
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
  const list = entities.slice(0, 20)
  const tuples = list
    .map((_, i) => `($${i * 5 + 1}, $${i * 5 + 2}, $${i * 5 + 3}, $${i * 5 + 4}, $${i * 5 + 5})`)
    .join()
  const text = `insert into products (${names}) values ${tuples} returning ${names}`
  return {
    'raw and a mapper by hand': async () => total((await twenty.query(text, list.flatMap(valuesOf))).map(byHand)),
    ...(await lexigram['save-many']()),
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

const plain: Sections = { find, save, page, count, 'save-many': saveMany }

// The names are those of `run.ts`.
const section = (process.argv[2] ?? 'find') as keyof Sections
await compareInRounds(`sql-${section}`, {
  title: `SQL over a transport that answers at once: ${titles[section]}`,
  cases: { ...(await plain[section]()), ...(await typeorm[section]()), ...(await mikroOrm[section]()) },
})
