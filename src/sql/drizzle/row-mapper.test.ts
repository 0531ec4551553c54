import { sql } from 'drizzle-orm'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { describe, expect, it } from 'vitest'
import type { SqlText } from '../contract/driver.ts'
import { drizzle } from './drizzle.ts'
import { mapRows, type SelectedField } from './row-mapper.ts'

const posts = pgTable('posts', { id: integer().notNull(), note: text() })
const users = pgTable('users', { id: integer().notNull() })

const id: SelectedField = { path: ['post', 'id'], field: posts.id }
const note: SelectedField = { path: ['post', 'note'], field: posts.note }
const upper: SelectedField = { path: ['post', 'upper'], field: sql`upper(${posts.note})` }
const author: SelectedField = { path: ['post', 'author'], field: users.id }

/** The object of a table that a left join may leave out. */
function post(fields: readonly SelectedField[], row: readonly SqlText[]): unknown {
  const columns = fields.map(({ field }, i) => ({ name: `c${i}`, type: field === posts.note ? 25 : 23 }))
  const mapping = { columns: drizzle, mayBeAbsent: (_group: string, table: string) => table === 'posts' }
  const [mapped] = mapRows(fields, { columns, rows: [row], rowCount: 1 }, mapping)
  return (mapped as { readonly post: unknown }).post
}

describe('the object of a joined table', () => {
  it('is null where the table is absent, whatever an expression in it says', () => {
    expect(post([id, upper], [null, '5'])).toBeNull()
  })

  it('is null where an expression comes first', () => {
    expect(post([upper, id], [null, null])).toBeNull()
  })

  it('is there where a column that is never null is', () => {
    expect(post([id, note, upper], ['1', null, null])).toEqual({ id: 1, note: null, upper: null })
  })

  it('is there where an expression has a value', () => {
    expect(post([note, upper], [null, '5'])).toEqual({ note: null, upper: 5 })
  })

  it('is null where none of its fields has a value', () => {
    expect(post([note, upper], [null, null])).toBeNull()
  })

  it('is there where it has columns of two tables', () => {
    expect(post([id, author], [null, '1'])).toEqual({ id: null, author: 1 })
  })

  it.each(['constructor', '__proto__', 'toString'])('keeps its values where its table is called %s', (name) => {
    const fields: SelectedField[] = [
      { path: [name, 'id'], field: posts.id },
      { path: [name, '__proto__'], field: posts.note },
    ]
    const columns = [23, 25].map((type) => ({ name: 'c', type }))
    const set = { columns, rows: [['1', 'x']], rowCount: 1 }
    const [row] = mapRows(fields, set, { columns: drizzle, mayBeAbsent: () => false })
    const [[key, group]] = Object.entries(row as object) as [[string, object]]
    expect([key, Object.entries(group)]).toEqual([
      name,
      [
        ['id', 1],
        ['__proto__', 'x'],
      ],
    ])
    expect(Object.hasOwn(Object, 'id')).toBe(false)
  })
})
