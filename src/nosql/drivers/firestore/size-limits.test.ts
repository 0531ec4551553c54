/** Documents that are too large: which is said of each, and what becomes of those beside it. */

import { describe, expect, it } from 'vitest'
import { describeWithFirestore } from '../../../../test/support/firestore-emulator.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { firestore } from './firestore-driver.ts'

const text = (length: number) => 'x'.repeat(length)
/** Fits by the measure of this package, and not with its name and the notes of its bigints. */
const counts = Array.from({ length: 50 }, () => 5n)
const longNamed = { _id: text(1400), note: 'n', counts, picture: text(1_046_400) }
const refusedWith = (field: string) => ({
  code: 'LEX_ERR_NOSQL_005',
  reason: 'BSONObjectTooLarge',
  path: field,
  message: expect.stringMatching(/at most \d+ bytes/) as string,
  hint: expect.stringContaining(`'${field}'`) as string,
})

describeWithFirestore((emulator) => {
  const open = (options: object = {}) =>
    createDocumentStore(firestore(options), {
      config: { projectId: 'sizes', emulatorHost: emulator().host },
      scans: 'allow',
    })

  it.each([
    ['of one value', { _id: 1, note: 'n', picture: text(1_048_500) }],
    ['of bytes', { _id: 1, note: 'n', picture: new Uint8Array(1_048_490) }],
    ['within an object', { _id: 1, note: 'n', picture: { large: [text(1_048_470)] } }],
    ['with its name and notes', longNamed],
  ])('a document that is too large %s is refused with its field', async (_how, document) => {
    await using store = open()
    await expect(store.collection('a').insertOne(document)).rejects.toMatchObject(refusedWith('picture'))
  })

  it('an update that makes a document too large is refused with its field', async () => {
    await using store = open()
    const items = store.collection('grown')
    await items.insertOne({ ...longNamed, picture: [text(700_000)] })
    const grown = items.updateOne({}, { $push: { picture: text(346_380) } })
    await expect(grown).rejects.toMatchObject(refusedWith('picture'))
  })

  it('a transaction that makes a document too large is refused with its field', async () => {
    await using store = open()
    const work = store.transaction(async (tx) => {
      await tx.collection('b').insertOne({ _id: 'small' })
      await tx.collection('b').insertOne(longNamed)
    })
    await expect(work).rejects.toMatchObject(refusedWith('picture'))
    expect(await store.collection('b').countDocuments({})).toBe(0)
  })

  describe('of many documents', () => {
    const many = [{ _id: '1' }, longNamed, { _id: '3' }]

    it('only the document that is too large is refused in an unordered write', async () => {
      await using store = open()
      const error: unknown = await store
        .collection('many')
        .insertMany(many, { ordered: false })
        .catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ errors: [{ index: 1, error: refusedWith('picture') }] })
      expect(await store.collection('many').distinct('_id', { _id: { $in: ['1', '3'] } })).toEqual(['1', '3'])
    })

    it('the documents before it are stored where there is an order', async () => {
      await using store = open()
      const insert = store.collection('ordered').insertMany(many)
      await expect(insert).rejects.toMatchObject({ errors: [{ index: 1, error: refusedWith('picture') }] })
      expect(await store.collection('ordered').distinct('_id', {})).toEqual(['1'])
    })

    it.each([true, false])('more than one request can hold are all stored, ordered: %s', async (ordered) => {
      await using store = open()
      const large = Array.from({ length: 7 }, (_, _id) => ({ _id, picture: text(900_000) }))
      const items = store.collection(`large-${ordered}`)
      expect(await items.insertMany(large, { ordered })).toMatchObject({ insertedCount: 7 })
      expect(await items.countDocuments({})).toBe(7)
    })
  })

  it('a document with more index entries than Firestore keeps is refused with its field', async () => {
    const error = { status: 'INVALID_ARGUMENT', message: 'too many index entries for entity /a/1' }
    const refuse = (url: string, init?: RequestInit) =>
      url.endsWith(':commit') ? Promise.resolve(Response.json({ error }, { status: 400 })) : fetch(url, init)
    await using store = open({ fetch: refuse })
    const insert = store.collection('indexed').insertOne({ _id: 1, note: 'n', list: Array.from({ length: 9 }, String) })
    await expect(insert).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_005',
      path: 'list',
      message: expect.stringContaining('40000 index entries') as string,
    })
  })
})
