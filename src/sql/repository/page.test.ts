import { PGlite } from '@electric-sql/pglite'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../database.ts'
import { pglite } from '../drivers/pglite/driver.ts'
import type { DbSession } from '../session/session.ts'
import { SqlRepository } from './repository.ts'

const players = pgTable('players', { id: text().primaryKey(), rank: integer(), stock: integer().notNull() })
type Player = typeof players.$inferSelect

let instance: PGlite
let session: DbSession
beforeAll(async () => {
  instance = await PGlite.create()
  session = (await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' })).session()
}, 60_000)
afterAll(() => instance.close())
beforeEach(() =>
  instance.exec(
    `drop table if exists players; create table players (id text primary key, rank int, stock int not null)`,
  ),
)

const repository = () =>
  new SqlRepository<typeof players, Player, string>(players, session, { toEntity: (row) => row, toRow: (row) => row })
const player = (id: string, rank: number | null = null, stock = 0): Player => ({ id, rank, stock })
const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: { code?: string }) => error.code,
  )

describe('pages', () => {
  const seed = () => repository().saveMany([3, null, 1, 3, null, 2, 3].map((rank, i) => player(`p${i}`, rank, i % 2)))
  const all = async (sort: readonly (readonly ['rank' | 'stock' | 'id', 'asc' | 'desc'])[], limit = 2) => {
    const pages: string[][] = []
    let after: string | null = null
    do {
      const page: Awaited<ReturnType<ReturnType<typeof repository>['page']>> = await repository().page({
        sort,
        limit,
        after,
      })
      pages.push(page.items.map(({ id }) => id))
      after = page.next
    } while (after !== null)
    return pages
  }

  it.each([
    [[], ['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6']],
    [[['id', 'desc']], ['p6', 'p5', 'p4', 'p3', 'p2', 'p1', 'p0']],
    [[['rank', 'asc']], ['p2', 'p5', 'p0', 'p3', 'p6', 'p1', 'p4']],
    [
      [
        ['rank', 'desc'],
        ['id', 'desc'],
      ],
      ['p6', 'p3', 'p0', 'p5', 'p2', 'p4', 'p1'],
    ],
    [
      [
        ['stock', 'desc'],
        ['rank', 'asc'],
      ],
      ['p5', 'p3', 'p1', 'p2', 'p0', 'p6', 'p4'],
    ],
  ] as const)('follow one another in the order %j, values that are missing last', async (sort, expected) => {
    await seed()
    for (const limit of [1, 2, 3, 7, 50]) expect((await all(sort, limit)).flat()).toEqual(expected)
  })

  it('neither repeat nor miss a row while others come and go', async () => {
    await seed()
    const first = await repository().page({ limit: 3 })
    await repository().delete('p0')
    await repository().save(player('p00'))
    const second = await repository().page({ limit: 3, after: first.next })
    expect(second.items.map(({ id }) => id)).toEqual(['p3', 'p4', 'p5'])
  })

  it('stream every row', async () => {
    await seed()
    const ids: string[] = []
    for await (const { id } of repository().stream({ limit: 2, sort: [['rank', 'asc']] })) ids.push(id)
    expect(ids).toHaveLength(7)
    expect(new Set(ids).size).toBe(7)
  })

  it.each(['', 'nonsense', '!!!', btoa('[]'), btoa('["id asc", {}]'), btoa('["id asc"]')])(
    'refuse the cursor %j',
    async (after) => {
      expect(await failure(repository().page({ after }))).toBe('LEX_ERR_DOM_001')
    },
  )

  it('refuse a cursor of another order', async () => {
    await seed()
    const { next } = await repository().page({ limit: 1, sort: [['rank', 'asc']] })
    expect(await failure(repository().page({ after: next }))).toBe('LEX_ERR_DOM_001')
  })
})
