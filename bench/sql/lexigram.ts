import { fieldEq } from '../../src/core/specification/field.ts'
import type { RowSet } from '../../src/sql/contract/driver.ts'
import { SqlRepository } from '../../src/sql/repository/repository.ts'
import type { DbSession } from '../../src/sql/tokens.ts'
import type { Cases } from '../engine/rounds.ts'
import { entities, products, total, type Product } from './products.ts'
import type { Sections } from './sections.ts'
import { answers, databaseOver } from './transport.ts'

type Products = SqlRepository<typeof products, Product>

const mapping = { toEntity: (row: Product) => row, toRow: (product: Product) => product }
const where = fieldEq<Product>('sold', true)

export const lexigram: Sections = {
  find: () => casesOver(answers(1).set(), async (repository) => total([(await repository.find('product-0'))!])),
  save: () => casesOver(answers(1).set(), async (repository) => total([await repository.save(entities[0]!)])),
  page: () =>
    casesOver(answers(21).set('positions'), async (repository) =>
      total((await repository.page({ where, sort: [['name', 'asc']] })).items),
    ),
  count: () =>
    casesOver({ columns: [{ name: 'count', type: 20 }], rows: [['20']], rowCount: 1 }, (repository) =>
      repository.count(where),
    ),
  'save-many': () => {
    const list = entities.slice(0, 20)
    return casesOver(answers(20).set('guarded'), async (repository) => total(await repository.saveMany(list)))
  },
}

/** By a repository that stays, and by one whose session is opened and disposed of for the operation, as by a request. */
async function casesOver(set: RowSet, use: (repository: Products) => Promise<number>): Promise<Cases> {
  const database = await databaseOver(set)
  const over = (session: DbSession): Products => new SqlRepository(products, session, mapping)
  const staying = over(database.session())
  return {
    'lexigram-edge': () => use(staying),
    'lexigram-edge, a session for each': async () => {
      await using session = database.session()
      return await use(over(session))
    },
  }
}
