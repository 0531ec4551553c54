/** Documents of other programs, whose types are read as something simpler: finding them, and moving what is in them. */

import { beforeAll, expect, it } from 'vitest'
import { moves } from '../../../../test/support/documents/moves.ts'
import { describeWithFirestore, withShuffledMaps } from '../../../../test/support/firestore-emulator.ts'
import { aggregation } from '../../aggregation/index.ts'
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
  const call = async (path: string, given?: object) => {
    const headers = { authorization: 'Bearer owner', 'content-type': 'application/json' }
    const body = given === undefined ? {} : { method: 'PATCH', body: JSON.stringify({ fields: given }) }
    const response = await fetch(`http://${emulator().host}/v1/${root}/${path}`, { headers, ...body })
    return (await response.json()) as { readonly fields?: Readonly<Record<string, unknown>> }
  }
  beforeAll(() => call('sites/one', fields))

  const open = () =>
    createDocumentStore(firestore({ fetch: withShuffledMaps, otherWriters: true, aggregation: aggregation() }), {
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

  const time = { timestampValue: '2024-01-02T03:04:05.123456Z' }
  const vector = {
    mapValue: {
      fields: { __type__: { stringValue: '__vector__' }, value: { arrayValue: { values: [{ doubleValue: 1 }] } } },
    },
  }
  const forms: Readonly<Record<string, object>> = {
    'a time': time,
    'a reference': { referenceValue: ada },
    'a point': { geoPointValue: point },
    'a double': { doubleValue: 5 },
    'a vector': vector,
    'an object': {
      mapValue: { fields: { at: time, all: { arrayValue: { values: [time, { geoPointValue: point }] } } } },
    },
    'a list': { arrayValue: { values: [time, { referenceValue: ada }, { mapValue: { fields: { at: time } } }] } },
  }
  const ways = Object.keys(forms).flatMap((form) => Object.keys(moves).map((way) => [form, way] as const))
  /** Firestore refuses vectors in arrays, and a double that is copied is a number as good as a new one. */
  const others = new Set(['a vector by a list', 'a double by a copy by a pipeline'])
  it.each(ways.filter(([form, way]) => !others.has(`${form} by ${way}`)))(
    '%s is moved as it is by %s',
    async (form, way) => {
      const name = `moved-${Object.keys(forms).indexOf(form)}-${Object.keys(moves).indexOf(way)}`
      await call(`${name}/x`, { a: forms[form] })
      await using store = open()
      await moves[way]?.(store, name)
      expect((await call(`${name}/x`)).fields?.['b']).toEqual(forms[form])
    },
  )

  it('a number that is not finite stays in a document that is changed', async () => {
    await call('endless/x', {
      a: { doubleValue: 'NaN' },
      l: { arrayValue: { values: [{ doubleValue: '-Infinity' }] } },
    })
    await using store = open()
    const items = store.collection('endless')
    await items.updateOne({ _id: 'x' }, [{ $set: { n: 1 } }])
    await items.updateOne({ _id: 'x' }, { $rename: { a: 'b' } })
    expect((await call('endless/x')).fields).toMatchObject({
      b: { doubleValue: 'NaN' },
      l: { arrayValue: { values: [{ doubleValue: '-Infinity' }] } },
    })
    expect(await items.replaceOne({ _id: 'x' }, { n: 2 })).toMatchObject({ modifiedCount: 1 })
  })
})
