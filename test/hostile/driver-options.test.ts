import { describe, expect, it } from 'vitest'
import { dynamodb } from '../../src/nosql/drivers/dynamodb/dynamodb-driver.ts'
import { firestore } from '../../src/nosql/drivers/firestore/firestore-driver.ts'
import { memory } from '../../src/nosql/drivers/memory/memory-driver.ts'
import { mongodb } from '../../src/nosql/drivers/mongodb/mongodb-driver.ts'

const drivers: Readonly<Record<string, (options: never) => unknown>> = { memory, mongodb, dynamodb, firestore }

describe.each(Object.entries(drivers))('the driver %s refuses', (name, driver) => {
  it('an option that there is not', () => {
    expect(() => driver({ tabel: 'app' } as never)).toThrow(
      expect.objectContaining({
        code: 'LEX_ERR_USE_001',
        message: expect.stringContaining(`options of ${name} cannot`),
      }),
    )
  })

  it.each([null, 7, 'text', [], new Map()])('options that are %o', (options) => {
    expect(() => driver(options as never)).toThrow(expect.objectContaining({ code: 'LEX_ERR_USE_001' }))
  })
})

it.each<[string, () => unknown]>([
  ['fetch', () => dynamodb({ fetch: 'x' as never })],
  ['catalogLifetime', () => dynamodb({ catalogLifetime: -1 })],
  ['token', () => firestore({ token: 'x' as never })],
  ['otherWriters', () => firestore({ otherWriters: 1 as never })],
  ['clientOptions', () => mongodb({ clientOptions: [] as never })],
])('a value that the option %s cannot have is refused by its name', (name, open) => {
  expect(open).toThrow(
    expect.objectContaining({ code: 'LEX_ERR_USE_001', message: expect.stringContaining(`'${name}'`) }),
  )
})
