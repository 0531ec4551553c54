import { expect, it } from 'vitest'
import { createDocumentStore } from '../../../store/document-store.ts'
import { firestore } from '../firestore-driver.ts'

const readTime = '2026-01-01T00:00:00Z'

/** A store whose gets are answered with what is said of the documents asked for. */
function storeOf(said: (names: readonly string[]) => readonly object[]) {
  const fetcher = async (_url: string, init?: RequestInit) => {
    const { documents = [] } = JSON.parse(String(init?.body)) as { readonly documents?: readonly string[] }
    return Response.json(said(documents).map((each) => ({ ...each, readTime })))
  }
  const config = { projectId: 'p', emulatorHost: '127.0.0.1:1' }
  return createDocumentStore(firestore({ fetch: fetcher }), { config }).collection('things')
}

it.each([
  ['one', { _id: 'a' }],
  ['several', { _id: { $in: ['a', 'b'] } }],
])('an answer that does not speak of a document says nothing: of %s', async (_name, filter) => {
  const silent = storeOf(([name]) => (name?.includes('indexes') === true ? [{ missing: name }] : [{}]))
  await expect(silent.find(filter).toArray()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_002' })
  const complete = storeOf((names) => names.map((name) => ({ missing: name })))
  expect(await complete.find(filter).toArray()).toEqual([])
})

it('an answer without a number is not a count', async () => {
  const silent = storeOf((names) => (names.length > 0 ? names.map((missing) => ({ missing })) : [{ result: {} }]))
  await expect(silent.countDocuments({ n: 1 })).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_002' })
})
