import { describe, expect, it } from 'vitest'
import { arrayIndex, collectAtPath, readFieldPath } from './path.ts'

describe('paths', () => {
  it('name an array position by a plain number only', () => {
    expect(['0', '12', '01', '-1', '1.5', 'x', '', '1e3'].map(arrayIndex)).toEqual([0, 12, ...Array(6).fill(undefined)])
  })

  it('are collected as distinct and indexes see them', () => {
    const document = { a: [{ b: 1 }, { b: [2, 3] }, 4, { c: 5 }], d: { e: [[1], 2] } }
    expect(collectAtPath(document, 'a.b'.split('.'))).toEqual([1, 2, 3])
    expect(collectAtPath(document, 'a.b'.split('.'), false)).toEqual([1, [2, 3]])
    expect(collectAtPath(document, 'a.1.b'.split('.'))).toEqual([2, 3])
    expect(collectAtPath(document, 'd.e'.split('.'))).toEqual([[1], 2])
    expect(collectAtPath(document, 'x.y'.split('.'))).toEqual([])
  })

  it('are read by expressions through arrays of objects, numbers being names', () => {
    const document = { a: [{ b: 1 }, { b: [{ c: 2 }] }, [{ b: 3 }], 4, {}], o: { 0: 'zero' } }
    expect(readFieldPath(document, ['a', 'b'])).toEqual([1, [{ c: 2 }]])
    expect(readFieldPath(document, ['a', 'b', 'c'])).toEqual([[2]])
    expect(readFieldPath(document, ['a', '0'])).toEqual([])
    expect(readFieldPath(document, ['o', '0'])).toBe('zero')
    expect(readFieldPath(document, ['o', 'x', 'y'])).toBeUndefined()
    expect(readFieldPath(document, ['constructor', 'name'])).toBeUndefined()
  })
})
