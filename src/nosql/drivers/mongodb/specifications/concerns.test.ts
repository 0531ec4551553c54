import { describe, expect, it } from 'vitest'
import { nameOf, openRecorded } from '../../../../../test/support/recorded-mongo.ts'
import type { Command } from '../../../../../tools/mongodb-server/wire.ts'
import { everyRead, everyWrite, type NamedOperation } from './every-operation.ts'

/**
 * @see https://github.com/mongodb/specifications/tree/master/source/read-write-concern
 * @see https://github.com/mongodb/specifications/tree/master/source/server-selection
 */

const documents = [{ _id: 1, x: 11 }]

const onCollections: readonly NamedOperation[] = [
  ['createIndex', 'createIndexes', ({ items }) => items.createIndex({ x: 1 })],
  ['dropIndex', 'dropIndexes', ({ items }) => items.dropIndex('x_1')],
  ['createCollection', 'create', ({ store }) => store.createCollection('others')],
  ['dropCollection', 'drop', ({ store }) => store.dropCollection('others')],
]
const onCatalog: readonly NamedOperation[] = [
  ['listIndexes', 'listIndexes', ({ items }) => items.listIndexes()],
  ['listCollections', 'listCollections', ({ store }) => store.listCollections()],
]
const intoCollections = everyWrite.filter(([title]) => title.startsWith('$'))

describe('the concerns of a client', async () => {
  const uriOptions = 'readConcernLevel=majority&w=2&wtimeoutMS=500&journal=true&readPreference=secondaryPreferred'
  const { items, store, sent } = await openRecorded({ documents, uriOptions })
  const commandOf = async ([, name, run]: NamedOperation): Promise<Command> => {
    await run({ items, store })
    const [command] = sent().filter((each) => nameOf(each) === name)
    return command ?? {}
  }
  const writeConcern = { w: 2, wtimeout: 500, j: true }
  const readConcern = { level: 'majority' }

  it.each(everyRead)('reach %s as far as it reads', async (...operation) => {
    const command = await commandOf(operation)
    expect(command).toMatchObject({ readConcern, $readPreference: { mode: 'secondaryPreferred' } })
    expect(command).not.toHaveProperty('writeConcern')
  })

  it.each(everyWrite.filter((each) => !intoCollections.includes(each)))(
    'reach %s as far as it writes',
    async (...operation) => {
      const command = await commandOf(operation)
      expect(command).toMatchObject({ writeConcern })
      expect(command).not.toHaveProperty('readConcern')
      expect(command['$readPreference']).not.toEqual({ mode: 'secondaryPreferred' })
    },
  )

  it.each(intoCollections)('reach %s, which reads and writes', async (...operation) => {
    expect(await commandOf(operation)).toMatchObject({
      readConcern,
      writeConcern,
      $readPreference: { mode: 'secondaryPreferred' },
    })
  })

  it.each(onCollections)('reach %s as a write', async (...operation) => {
    const command = await commandOf(operation)
    expect(command).toMatchObject({ writeConcern })
    expect(command).not.toHaveProperty('readConcern')
  })

  it.each(onCatalog)('are not of %s', async (...operation) => {
    const command = await commandOf(operation)
    expect(command).not.toHaveProperty('writeConcern')
    expect(command).not.toHaveProperty('readConcern')
  })

  it('are not of the rest of an answer', async () => {
    await items.insertMany(Array.from({ length: 150 }, () => ({})))
    await items.find({}).toArray()
    const [more = {}] = sent().filter((each) => nameOf(each) === 'getMore')
    expect(more).not.toHaveProperty('readConcern')
    expect(more).not.toHaveProperty('writeConcern')
  })
})

describe('a client without concerns', async () => {
  const { items, store, sent } = await openRecorded({ documents })

  it.each([...everyRead, ...everyWrite, ...onCollections])(
    'leaves them to the server for %s',
    async (_title, _name, run) => {
      await run({ items, store })
      for (const command of sent()) {
        expect(command).not.toHaveProperty('readConcern')
        expect(command).not.toHaveProperty('writeConcern')
      }
    },
  )
})

describe('a pipeline that writes on a server before MongoDB 5.0', async () => {
  const { items, store, sent } = await openRecorded({
    documents,
    uriOptions: 'readPreference=secondaryPreferred',
    hello: { maxWireVersion: 9 },
  })

  it.each(intoCollections)('%s: goes to the primary', async (_title, _name, run) => {
    await run({ items, store })
    expect(sent()[0]).not.toMatchObject({ $readPreference: { mode: 'secondaryPreferred' } })
  })
})
