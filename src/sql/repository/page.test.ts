import { PGlite } from '@electric-sql/pglite'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fieldEq } from '../../core/specification/field.ts'
import { openDatabase } from '../database.ts'
import { pglite } from '../drivers/pglite/driver.ts'
import type { DbSession } from '../session/session.ts'
import type { SqlRepositoryOptions } from './options.ts'
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

const mapping = { toEntity: (row: Player) => row, toRow: (row: Player) => row }
const repository = () => new SqlRepository<typeof players, Player, string>(players, session, mapping)
const player = (id: string, rank: number | null = null, stock = 0): Player => ({ id, rank, stock })
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
    [[['rank', 'asc']], ['p1', 'p4', 'p2', 'p5', 'p0', 'p3', 'p6']],
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
      ['p1', 'p5', 'p3', 'p4', 'p2', 'p0', 'p6'],
    ],
  ] as const)(
    'follow one another in the order %j, rows without a value first ascending and last descending',
    async (sort, expected) => {
      await seed()
      for (const limit of [1, 2, 3, 7, 50]) expect((await all(sort, limit)).flat()).toEqual(expected)
    },
  )

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
})

describe('a cursor of a page', () => {
  const other = pgTable('others', { id: text().primaryKey(), rank: integer(), stock: integer().notNull() })
  beforeAll(() => instance.exec('create table others (id text primary key, rank int, stock int not null)'))
  beforeEach(() => repository().saveMany(['a', 'b', 'c'].map((id) => player(id, 1))))

  const on = (options: SqlRepositoryOptions<typeof players>, at: DbSession = session) =>
    new SqlRepository<typeof players, Player, string>(players, at, mapping, options)
  const refused = { code: 'LEX_ERR_DOM_001', status: 400 }

  it('hides the position', async () => {
    await repository().save(player('Ada Lovelace', 9))
    const { next } = await repository().page({ limit: 1, sort: [['rank', 'desc']] })
    expect(next).not.toBeNull()
    expect(atob((next ?? '').replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('Ada')
  })

  it('is not bound to the condition', async () => {
    const { next } = await repository().page({ limit: 1 })
    const { items } = await repository().page({ after: next, where: fieldEq<Player>('id', 'c') })
    expect(items.map(({ id }) => id)).toEqual(['c'])
  })

  it.each<readonly [string, unknown]>([
    ['an empty text', ''],
    ['nonsense', 'nonsense'],
    ['an open position', btoa('["id asc","a"]')],
    ['a number', 5],
    ['an array', ['x']],
    ['an object', {}],
    ['a boolean', true],
    ['zero', 0],
    ['false', false],
    ['a huge text', 'A'.repeat(10_000_000)],
  ])('is refused when it is %s', async (_what, after) => {
    await expect(repository().page({ after: after as string })).rejects.toMatchObject(refused)
  })

  it.each([null, undefined])('is not needed for the first page: %j', async (after) => {
    expect((await repository().page({ after })).items).toHaveLength(3)
  })

  it('is refused in another order', async () => {
    const { next } = await repository().page({ limit: 1, sort: [['rank', 'asc']] })
    await expect(repository().page({ after: next, sort: [['rank', 'desc']] })).rejects.toMatchObject(refused)
  })

  it('is refused for another table', async () => {
    const { next } = await repository().page({ limit: 1 })
    const others = new SqlRepository<typeof other, Player, string>(other, session, mapping)
    await expect(others.page({ after: next })).rejects.toMatchObject(refused)
  })

  it('is refused for another tenant', async () => {
    const { next } = await on({ tenant: { field: 'stock', id: 0 } }).page({ limit: 1 })
    expect(next).not.toBeNull()
    await expect(on({ tenant: { field: 'stock', id: 1 } }).page({ after: next })).rejects.toMatchObject(refused)
  })

  it('is refused without the tenant', async () => {
    const { next } = await on({ tenant: { field: 'stock', id: 0 } }).page({ limit: 1 })
    await expect(on({}).page({ after: next })).rejects.toMatchObject(refused)
  })

  it('is refused where deleted rows are shown as well', async () => {
    await repository().saveMany(['a', 'b', 'c'].map((id) => player(id, null)))
    const soft = on({ softDelete: 'rank' })
    const { next } = await soft.page({ limit: 1 })
    expect(next).not.toBeNull()
    await expect(soft.page({ after: next, includeDeleted: true })).rejects.toMatchObject(refused)
  })

  const open = async (more: { readonly cursorSecret?: string }) =>
    (await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory', ...more })).session()

  it('is refused by another database object without a secret', async () => {
    const { next } = await repository().page({ limit: 1 })
    await expect(on({}, await open({})).page({ after: next })).rejects.toMatchObject(refused)
  })

  it('is read by every database object that has the secret', async () => {
    const cursorSecret = 'the same for all of them'
    const { next } = await on({}, await open({ cursorSecret })).page({ limit: 1 })
    expect((await on({}, await open({ cursorSecret })).page({ after: next })).items).toHaveLength(2)
  })

  it.each(['', 'too short'])('is not sealed by the secret %j', async (cursorSecret) => {
    await expect(open({ cursorSecret })).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it('a cursor of values that are too long is refused when it is made', async () => {
    await repository().saveMany([player('x'.repeat(13_000)), player('y')])
    await expect(repository().page({ limit: 1, sort: [['id', 'desc']] })).resolves.toMatchObject({
      next: expect.any(String),
    })
    await expect(repository().page({ limit: 2, sort: [['id', 'desc']] })).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      hint: 'Sort by shorter values.',
    })
  })
})
