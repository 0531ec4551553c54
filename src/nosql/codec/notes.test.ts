import { describe, expect, it } from 'vitest'
import { notesOf, withBigints } from './document-notes.ts'
import { keysInOrder, notedOrder } from './noted-order.ts'
import { readNotes } from './read-notes.ts'

describe('the order of keys', () => {
  it('is noted where it is not that of their bytes, at any depth', () => {
    const document = { _id: 1, b: [{ z: 1, a: [{ d: 1, c: 2 }] }], a: { x: 1, y: 2 } }
    const { order } = readNotes(JSON.stringify(notesOf(document))) ?? {}
    expect(order?.keys).toEqual(['b', 'a'])
    const element = order?.within?.get('b')?.within?.get('0')
    expect([element?.keys, element?.within?.get('a')?.within?.get('0')?.keys]).toEqual([
      ['z', 'a'],
      ['d', 'c'],
    ])
    // What needs no note has none.
    expect(order?.within?.get('a')).toBeUndefined()
  })

  it('holds for the keys that are there, before those that another program has added', () => {
    const order = notedOrder([[[], ['c', 'a', 'gone']]])
    expect(keysInOrder({ b: 1, z: 2, a: 3, c: 4 }, order)).toEqual(['c', 'a', 'b', 'z'])
    expect(keysInOrder({ a: 3, c: 4 }, order)).toEqual(['c', 'a'])
  })

  it('loses no key where a note has one twice', () => {
    expect(keysInOrder({ b: 1, a: 2 }, notedOrder([[[], ['a', 'a']]]))).toEqual(['a', 'b'])
  })

  it('is by code point, where UTF-16 is not', () => {
    expect(keysInOrder({ '\u{1f600}': 1, '\uff5e': 2 }, undefined)).toEqual(['\uff5e', '\u{1f600}'])
  })
})

describe('notes that another program wrote', () => {
  it.each(['{', '5', 'null', '[]'])('count as absent when they are %s', (text) => {
    expect(readNotes(text)).toBeUndefined()
  })

  it('are skipped where they are not what they should be', () => {
    const text = JSON.stringify({ o: [5, ['x'], [[1], ['a']], [[], ['b']]], b: [5, [1], ['n']], d: 1 })
    expect(readNotes(text)).toEqual({
      order: { keys: ['b'], within: undefined },
      bigints: [['n']],
      others: { d: 1 },
    })
    expect(readNotes(JSON.stringify({ b: 5, o: 5 }))).toMatchObject({ order: undefined, bigints: [] })
  })

  it('turn no fraction into a bigint', () => {
    expect(withBigints({ whole: 2, fraction: 1.5 }, [['whole'], ['fraction'], ['missing']])).toEqual({
      whole: 2n,
      fraction: 1.5,
    })
  })
})
