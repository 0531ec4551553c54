import { DataSource, EntitySchema } from 'typeorm'
import { byHand, entities, rows, total, type Product } from './products.ts'
import type { Sections } from './sections.ts'

const Products = new EntitySchema<Product>({
  name: 'Product',
  tableName: 'products',
  columns: {
    id: { type: 'text', primary: true },
    name: { type: 'text' },
    stock: { type: 'int' },
    sold: { type: 'boolean' },
    changed: { type: 'timestamptz' },
  },
})
const [entity] = entities as [Product]
const returning = ['id', 'name', 'stock', 'sold', 'changed']

/** Each has another entity manager for each operation. */
export const typeorm: Sections = {
  async find() {
    const source = await sourceOver(1)
    return {
      TypeORM: async () => total([(await source.createEntityManager().findOneBy(Products, { id: 'product-0' }))!]),
    }
  },
  async save() {
    const source = await sourceOver(1)
    const changing = await sourceOver(1, 'another name')
    return {
      TypeORM: async () => {
        const options = { conflictPaths: ['id'], returning }
        const { generatedMaps } = await source.createEntityManager().upsert(Products, { ...entity }, options)
        return total(generatedMaps as Product[])
      },
      // Reads the row, and writes what differs in a transaction: four statements.
      'TypeORM, read and save': async () => total([await changing.createEntityManager().save(Products, { ...entity })]),
    }
  },
  async page() {
    const source = await sourceOver(21)
    return {
      TypeORM: async () => {
        const order = { name: 'asc', id: 'asc' } as const
        const found = await source.createEntityManager().find(Products, { where: { sold: true }, order, take: 21 })
        return total(found.slice(0, 20))
      },
    }
  },
  async count() {
    const source = await sourceOver(1)
    return { TypeORM: () => source.createEntityManager().countBy(Products, { sold: true }) }
  },
  async 'save-many'() {
    const source = await sourceOver(20)
    const list = entities.slice(0, 20)
    return {
      TypeORM: async () => {
        const copies = list.map((product) => ({ ...product }))
        const insert = source.createEntityManager().createQueryBuilder().insert().into(Products).values(copies)
        return total((await insert.returning(returning).execute()).generatedMaps as Product[])
      },
    }
  },
}

async function sourceOver(count: number, name?: string): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    driver: { Pool: poolOf((text) => answerTo(text, count, name)) },
    database: 'd',
    entities: [Products],
    installExtensions: false,
    logging: false,
  })
  return source.initialize()
}

/** What it takes from the module `pg`: a pool that has a client at once, and no error to tell. */
function poolOf(answer: (text: string) => readonly object[]) {
  const client = {
    query: async (text: string) => {
      const found = answer(text)
      return { command: text.slice(0, text.indexOf(' ')), rows: found, rowCount: found.length }
    },
    on: () => client,
    removeListener: () => client,
  }
  return class {
    on(): this {
      return this
    }
    connect(give: (error: undefined, connection: typeof client, release: () => void) => void): void {
      give(undefined, client, () => {})
    }
  }
}

/** Rows by the names in the statement: those of an entity's columns carry its name. */
function answerTo(text: string, count: number, name: string | undefined): readonly object[] {
  if (text.startsWith('SELECT COUNT')) return [{ cnt: '20' }]
  if (text.startsWith('SELECT version')) return [{ version: 'PostgreSQL 17.0' }]
  if (text.startsWith('SELECT * FROM current_schema')) return [{ current_schema: 'public' }]
  const found = rows.slice(0, count).map(byHand)
  if (text.startsWith('INSERT')) return found
  if (!text.startsWith('SELECT')) return []
  return found.map((row) => ({
    Product_id: row.id,
    Product_name: name ?? row.name,
    Product_stock: row.stock,
    Product_sold: row.sold,
    Product_changed: row.changed,
  }))
}
