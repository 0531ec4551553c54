import { firestore } from '../../src/nosql/drivers/firestore/index.ts'
import { createDocumentStore } from '../../src/nosql/index.ts'
import { customers, type Customer } from '../engine/documents.ts'
import { compareInRounds } from '../engine/rounds.ts'
import { prepared } from './prepared.ts'

const base = 'https://firestore.googleapis.com/v1'
const root = 'projects/bench/databases/(default)/documents'
const customer = customers[7]!

interface FirestoreValue {
  readonly stringValue?: string
  readonly integerValue?: string
  readonly mapValue?: { readonly fields: Readonly<Record<string, FirestoreValue>> }
  readonly arrayValue?: { readonly values: readonly FirestoreValue[] }
}

/** In place of the server: answers at once, with what was written to it. */
function server() {
  let stored = ''
  return async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const body = String(init?.body)
    if (!String(url).endsWith(':batchGet')) {
      const { writes } = JSON.parse(body) as { readonly writes: readonly { readonly update?: object }[] }
      const updateTime = '2026-11-28T12:00:00.000000Z'
      stored = JSON.stringify([{ found: { ...writes[0]?.update, updateTime }, readTime: updateTime }])
      return Response.json({ writeResults: [{ updateTime }], status: [{}], commitTime: updateTime })
    }
    // Of indexes nothing is known, so that there are none.
    return new Response(body.includes('/customers/') ? stored : JSON.stringify([{ missing: '' }]))
  }
}

async function byHand(): Promise<() => Promise<number>> {
  const send = server()
  const url = `${base}/${root}:batchGet`
  const headers = { authorization: 'Bearer token', 'content-type': 'application/json' }
  const fields = encode(customer).mapValue?.fields
  await send(`${base}/${root}:commit`, {
    body: JSON.stringify({ writes: [{ update: { name: 'customers/7', fields } }] }),
  })
  return async () => {
    const body = JSON.stringify({ documents: [`${root}/customers/7`] })
    const signal = AbortSignal.timeout(10_000)
    const response = await send(url, { method: 'POST', headers, body, signal })
    const [{ found } = {}] = (await response.json()) as {
      found?: { fields: Readonly<Record<string, FirestoreValue>> }
    }[]
    return (decode({ mapValue: { fields: found?.fields ?? {} } }) as Customer).age
  }
}

function encode(value: unknown): FirestoreValue {
  if (typeof value === 'number') return { integerValue: String(value) }
  if (typeof value === 'string') return { stringValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(encode) } }
  return {
    mapValue: {
      fields: Object.fromEntries(Object.entries(value as object).map(([name, inner]) => [name, encode(inner)])),
    },
  }
}

function decode({ stringValue, integerValue, arrayValue, mapValue }: FirestoreValue): unknown {
  if (stringValue !== undefined) return stringValue
  if (integerValue !== undefined) return Number(integerValue)
  if (arrayValue !== undefined) return arrayValue.values.map(decode)
  const decoded: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(mapValue?.fields ?? {})) decoded[name] = decode(value)
  return decoded
}

async function lexigram(): Promise<() => Promise<number>> {
  const driver = firestore({
    token: async () => ({ token: 'token', expiresAt: Date.now() + 3_600_000 }),
    fetch: server(),
  })
  const store = createDocumentStore(driver, { config: { projectId: 'bench' } })
  const collection = store.collection<Customer>('customers')
  await collection.insertOne(customer)
  return async () => (await collection.findOne({ _id: 7 }))?.age ?? 0
}

await compareInRounds('firestore-get', {
  title: 'a document by its name on Firestore, CPU of the client over a server that answers at once',
  warmUp: 3000,
  cases: { 'by hand': prepared(byHand), 'lexigram-edge': prepared(lexigram) },
})
