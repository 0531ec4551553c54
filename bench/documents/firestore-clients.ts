import { firestore } from '../../src/nosql/drivers/firestore/index.ts'
import { createDocumentStore } from '../../src/nosql/index.ts'
import { customers, type Customer } from '../engine/documents.ts'

const base = 'https://firestore.googleapis.com/v1'
const root = 'projects/bench/databases/(default)/documents'
/** What every case asks for. */
const customer = customers[7]!

type Fields = Readonly<Record<string, FirestoreValue>>

interface FirestoreValue {
  readonly stringValue?: string
  readonly integerValue?: string
  readonly booleanValue?: boolean
  readonly mapValue?: { readonly fields: Fields }
  readonly arrayValue?: { readonly values: readonly FirestoreValue[] }
}

interface Found {
  readonly name: string
  readonly fields: Fields
}

type Send = (url: string | URL | Request, init?: RequestInit) => Promise<Response>

/** In place of the server: answers at once, with what was written to it. */
function server(): Send {
  let stored = ''
  return async (url, init) => {
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

/** The shortest code that reads these fields: no `_id`, keys in the server's order, and nothing said about errors. */
export async function byHand(): Promise<() => Promise<number>> {
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
    const [{ found } = {}] = (await response.json()) as { found?: Found }[]
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

function storeOver(send: Send) {
  const driver = firestore({
    token: async () => ({ token: 'token', expiresAt: Date.now() + 3_600_000 }),
    fetch: send,
  })
  return createDocumentStore(driver, { config: { projectId: 'bench' } }).collection<Customer>('customers')
}

export async function lexigram(): Promise<() => Promise<number>> {
  const collection = storeOver(server())
  await collection.insertOne(customer)
  return async () => (await collection.findOne({ _id: 7 }))?.age ?? 0
}

/**
 * By hand what this package does for a get: a token that ends, a deadline that is taken back, an answer that may be an
 * error, and a document with its `_id`, its keys in the order in which they were written, and no mark of deletion.
 */
export async function careful(): Promise<() => Promise<number>> {
  const send = server()
  await storeOver(send).insertOne(customer)
  const url = `${base}/${root}:batchGet`
  const kept = { token: 'token', expiresAt: Date.now() + 3_600_000 }
  return async () => {
    if (kept.expiresAt - 300_000 < Date.now()) throw new Error('the token has ended')
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), 10_000)
    try {
      const response = await send(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${kept.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ documents: [`${root}/customers/!nc01c000000000000`] }),
        signal: late.signal,
      })
      const text = await response.text()
      if (!response.ok) throw new Error(text)
      const [{ found } = {}] = JSON.parse(text) as { found?: Found }[]
      return found === undefined ? 0 : (documentOf(found) as unknown as Customer).age
    } finally {
      clearTimeout(timer)
    }
  }
}

type Orders = Map<string, readonly string[]>

function documentOf({ name, fields }: Found): Readonly<Record<string, unknown>> {
  const { _lexigram: notes, _deleted: mark, ...content } = fields
  const { o = [] } = JSON.parse(notes?.stringValue ?? '{}') as { o?: readonly (readonly [string[], string[]])[] }
  const orders: Orders = new Map(o.map(([path, keys]) => [path.join('.'), keys]))
  const document = { _id: idOf(name), ...(decodeAt({ mapValue: { fields: content } }, '', orders) as object) }
  return mark?.booleanValue === true ? { ...document, _deleted: true } : document
}

/** A number is stored as the hexadecimal digits of a double whose order is that of its bits. */
function idOf(name: string): string | number {
  const text = name.slice(name.lastIndexOf('/') + 1)
  if (!text.startsWith('!n')) return text
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, BigInt(`0x${text.slice(2)}`) ^ (1n << 63n))
  return view.getFloat64(0)
}

function decodeAt(value: FirestoreValue, path: string, orders: Orders): unknown {
  const { stringValue, integerValue, arrayValue, mapValue } = value
  if (stringValue !== undefined) return stringValue
  if (integerValue !== undefined) return Number(integerValue)
  const at = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`)
  if (arrayValue !== undefined) return arrayValue.values.map((element, index) => decodeAt(element, at(index), orders))
  const fields = mapValue?.fields ?? {}
  const decoded: Record<string, unknown> = {}
  for (const key of orders.get(path) ?? Object.keys(fields).toSorted()) {
    const field = fields[key]
    if (field !== undefined) decoded[key] = decodeAt(field, at(key), orders)
  }
  return decoded
}
