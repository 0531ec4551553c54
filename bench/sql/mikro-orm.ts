import { EntitySchema, MikroORM, type EntityManager } from '@mikro-orm/postgresql'
import { answeringDialect, type Answer } from './dialect.ts'
import { entities, parse, rows, total, type Product } from './products.ts'
import type { Sections } from './sections.ts'

const Products = new EntitySchema<Product>({
  name: 'Product',
  tableName: 'products',
  properties: {
    id: { type: 'text', primary: true },
    name: { type: 'text' },
    stock: { type: 'integer' },
    sold: { type: 'boolean' },
    changed: { type: 'Date', columnType: 'timestamptz' },
  },
})
const [entity] = entities as [Product]

/** Each has a fork for each operation, whose identity map is empty. */
export const mikroOrm: Sections = {
  async find() {
    const fork = await forksOver(1)
    return { MikroORM: async () => total([await fork().findOneOrFail(Products, 'product-0')]) }
  },
  async save() {
    const fork = await forksOver(1)
    const changing = await forksOver(1, 'another name')
    return {
      // Nothing of the row comes back: the entity is made of what was given.
      MikroORM: async () => total([await fork().upsert(Products, { ...entity })]),
      // Reads the row, and writes what differs in a transaction: four statements.
      'MikroORM, read and flush': async () => {
        const em = changing()
        const found = await em.findOneOrFail(Products, entity.id)
        em.assign(found, { ...entity })
        await em.flush()
        return total([found])
      },
    }
  },
  async page() {
    const fork = await forksOver(21)
    return {
      MikroORM: async () => {
        const orderBy = { name: 'asc', id: 'asc' } as const
        const where = { sold: true }
        const page = await fork().findByCursor(Products, { where, orderBy, first: 20, includeCount: false })
        if (page.endCursor === null) throw new Error('a page must have a cursor')
        return total(page.items)
      },
    }
  },
  async count() {
    const fork = await forksOver(1)
    return { MikroORM: () => fork().count(Products, { sold: true }) }
  },
  async 'save-many'() {
    const fork = await forksOver(20)
    const list = entities.slice(0, 20)
    return {
      MikroORM: async () =>
        total(
          await fork().upsertMany(
            Products,
            list.map((product) => ({ ...product })),
          ),
        ),
    }
  },
}

async function forksOver(count: number, name?: string): Promise<() => EntityManager> {
  const orm = await MikroORM.init({
    dbName: 'd',
    entities: [Products],
    driverOptions: answeringDialect((text) => answerTo(text, count, name)),
  })
  return () => orm.em.fork()
}

/** It asks node-postgres for dates as text, and for no rows of what it writes. */
function answerTo(text: string, count: number, other: string | undefined): Answer {
  if (text.startsWith('select count')) return { rows: [{ count: '20' }] }
  if (!text.startsWith('select')) return { rows: [], numAffectedRows: BigInt(count) }
  const found = rows.slice(0, count).map((row) => {
    const [id, name, stock, sold, changed] = parse(row)
    return { id, name: other ?? name, stock, sold, changed }
  })
  return { rows: found }
}
