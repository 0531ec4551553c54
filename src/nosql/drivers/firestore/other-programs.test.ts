/** Finding documents of other programs, whose types are read as something simpler. */

import { beforeAll, expect, it } from 'vitest'
import { describeWithFirestore, withShuffledMaps } from '../../../../test/support/firestore-emulator.ts'
import { defineCollection } from '../../contract/define-collection.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { firestore } from './firestore-driver.ts'

const root = 'projects/others/databases/(default)/documents'
const ada = `${root}/users/ada`
const point = { latitude: 1.5, longitude: -2 }
const fields = {
  owner: { referenceValue: ada },
  place: { geoPointValue: point },
  all: { arrayValue: { values: [{ referenceValue: ada }, { geoPointValue: point }] } },
  within: { mapValue: { fields: { owner: { referenceValue: ada }, place: { geoPointValue: point } } } },
}

describeWithFirestore((emulator) => {
  beforeAll(async () => {
    const headers = { authorization: 'Bearer owner', 'content-type': 'application/json' }
    const url = `http://${emulator().host}/v1/${root}/sites/one`
    await fetch(url, { method: 'PATCH', headers, body: JSON.stringify({ fields }) })
  })

  const open = () =>
    createDocumentStore(firestore({ fetch: withShuffledMaps, otherWriters: true }), {
      config: { projectId: 'others', emulatorHost: emulator().host },
    })
  const declared = defineCollection<{ _id: string; owner?: string; all?: unknown; within?: unknown }>('sites', {
    fields: { owner: 'string' },
  })
  const many = Array.from({ length: 29 }, (_, at) => `${root}/users/${at}`)

  const filters: Readonly<Record<string, object>> = {
    'a reference': { owner: ada },
    'one of two references': { owner: { $in: [ada, 'ada'] } },
    'one of thirty references': { owner: { $in: [...many, ada] } },
    'a point': { place: point },
    'an element that is a reference': { all: ada },
    'an element that is one of two references': { all: { $in: [ada, 'ada'] } },
    'an element that is a point': { all: point },
    'an object with a reference and a point': { within: { owner: ada, place: point } },
  }
  it.each(Object.entries(filters))('%s is found by what is read of it', async (_name, filter) => {
    await using store = open()
    const [some, same] = [store.collection('sites'), store.collection(declared)]
    expect([await some.countDocuments(filter), await same.countDocuments(filter as never)]).toEqual([1, 1])
  })

  it('text that does not name a document is compared in one form', async () => {
    await using store = open()
    const { native } = await store.collection(declared).explain({ owner: 'projects/x' })
    expect(JSON.stringify(native)).not.toContain('referenceValue')
  })
})
