import { describe, expect, it } from 'vitest'
import { itemBytes } from './item-bytes.ts'

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
describe('the size of an item', () => {
  it.each([
    ['a text', { S: 'é' }, 2],
    ['an empty text', { S: '' }, 0],
    ['a number of five digits', { N: '12345' }, 4],
    ['a number whose zeros do not count', { N: '1200000' }, 2],
    ['a negative number', { N: '-1' }, 3],
    ['bytes', { B: new Uint8Array(7) }, 7],
    ['a boolean', { BOOL: false }, 1],
    ['null', { NULL: true }, 1],
    ['an empty list', { L: [] }, 3],
    ['a list', { L: [{ S: 'ab' }, { BOOL: true }] }, 8],
    ['a map', { M: { name: { S: 'ab' } } }, 10],
    ['a set of texts', { SS: ['ab', 'é'] }, 4],
    ['a set of numbers', { NS: ['1', '123'] }, 5],
    ['a set of bytes', { BS: [new Uint8Array(3), new Uint8Array(4)] }, 7],
  ])('counts %s', (_name, value, bytes) => {
    expect(itemBytes({ a: value })).toBe(1 + bytes)
  })
})
