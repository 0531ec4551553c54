import { expect, it } from 'vitest'
import { describeWithFirestore } from '../../../../test/support/firestore-emulator.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { firestore } from './firestore-driver.ts'

describeWithFirestore((emulator) => {
  const open = () =>
    createDocumentStore(firestore(), { config: { projectId: 'names', emulatorHost: emulator().host }, scans: 'allow' })

  const reserved = {
    __x__: 'two underscores',
    '*/__x__': 'two underscores',
    'users/__x__/orders': 'two underscores',
    'users/../orders': "'..'",
    'users/./orders': "'.'",
    'cards~locks': '~locks',
    'users/1/cards~locks': '~locks',
    'cards~locks/1/orders': '~locks',
    '*/cards~locks': '~locks',
    'lexigram~indexes': 'lexigram~indexes',
  }
  const operations = {
    read: (name: string) => open().collection(name).findOne({}),
    written: (name: string) => open().collection(name).insertOne({ n: 1 }),
    counted: (name: string) => open().collection(name).countDocuments({}),
    indexed: (name: string) => open().collection(name).createIndex('n'),
    created: (name: string) => open().createCollection(name),
    dropped: (name: string) => open().dropCollection(name),
    'read in a transaction': (name: string) => open().transaction((tx) => tx.collection(name).findOne({})),
  }
  it.each(
    Object.entries(reserved).flatMap(([name, rule]) =>
      Object.entries(operations).map(([done, operation]) => [name, done, rule, operation] as const),
    ),
  )('%s is not %s: the error names the rule', async (name, _done, rule, operation) => {
    await expect(operation(name)).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_005',
      details: { reason: 'InvalidNamespace' },
      message: expect.stringContaining(rule) as string,
    })
  })

  it.each(['__x', 'x__', '...', 'locks', 'c~lock'])('%s is a name like any other', async (name) => {
    const below = `users/1/${name}`
    await open().collection(below).insertOne({ _id: 1 })
    expect(await open().collection(below).countDocuments({})).toBe(1)
    await open().dropCollection(below)
  })

  it('a name with a bar has its own indexes', async () => {
    await using store = open()
    await store.collection('a/b/c').createIndex('n', { unique: true })
    expect(await store.collection('a|b|c').listIndexes()).toHaveLength(1)
    expect(await store.listCollections()).toEqual(['a/b/c'])
    await store.createCollection('50%|7')
    expect(await store.listCollections()).toEqual(['50%|7', 'a/b/c'])
  })
})
