import { untyped } from '../assert.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'

export const mistakeCases = topic('the same mistake, the same error', {
  'a taken key names the collection and its fields to the program only': async ({ items, store }) => {
    const hasUnique = store.capabilities.index.unique !== 'none'
    if (hasUnique) await items.createIndex('email', { unique: true })
    await items.insertOne({ _id: 1, email: 'a' })
    for (const [document, index, field] of [
      [{ _id: 1, email: 'b' }, '_id_', '_id'],
      [{ _id: 2, email: 'a' }, 'email_1', 'email'],
    ] as const) {
      if (index !== '_id_' && !hasUnique) continue
      const error = await assertFails(items.insertOne(document), 'LEX_ERR_DB_005', { what: index })
      const { name } = items
      assertEqual(error.message, `a document cannot be stored: another in '${name}' has this ${field}`, 'the message')
      assertEqual(error.publicMessage, 'a document cannot be stored: another has this key', 'the public message')
      assertEqual(untyped(error.details), { collection: name, index, fields: [field] }, 'the details')
    }
  },
  'a replacement with another _id says which field cannot change': async ({ items }) => {
    await items.insertOne({ _id: 1 })
    const replaced = items.replaceOne({ _id: 1 }, { _id: 2 })
    const error = await assertFails(replaced, 'LEX_ERR_NOSQL_005', { what: 'replaceOne', reason: 'ImmutableField' })
    assertEqual(error.message, 'the _id of a document cannot change', 'the message')
    assertEqual(error.details?.['path'], '_id', 'the path')
  },
})
