import { describe, expect, it } from 'vitest'
import { toRows } from './rows.ts'

describe('toRows', () => {
  it('has each column as an own member, whatever it is called', () => {
    const names = ['__proto__', 'constructor', 'toString']
    const columns = names.map((name) => ({ name, type: 3802 }))
    const [row] = toRows<object>({ columns, rows: [['{"isAdmin": true}', '1', '2']], rowCount: 1 })
    expect(Object.entries(row!)).toEqual([
      ['__proto__', { isAdmin: true }],
      ['constructor', 1],
      ['toString', 2],
    ])
    expect(row).not.toHaveProperty('isAdmin')
  })
})
