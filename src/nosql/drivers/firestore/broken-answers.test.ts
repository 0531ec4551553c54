/** Answers that begin well, or that come from something else than Firestore. */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createDocumentStore } from '../../store/document-store.ts'
import { firestore } from './firestore-driver.ts'

const readTime = '2026-01-01T00:00:00Z'
const document = (id: string) => ({
  document: { name: `projects/p/databases/(default)/documents/things/${id}`, fields: {}, updateTime: readTime },
  readTime,
})
const whole = [document('a'), document('b')]
const success = (method: string, body: string): unknown => {
  if (method === 'runQuery') return whole
  if (method === 'commit') return { writeResults: [{}], commitTime: readTime }
  return (JSON.parse(body) as { documents: string[] }).documents.map((missing) => ({ missing, readTime }))
}

/** A collection whose first answer to a method is another one than Firestore's. */
function collectionOf(spoilt: string, answer: () => Response) {
  let calls = 0
  const fetcher = async (url: string, init?: RequestInit) => {
    const method = url.slice(url.lastIndexOf(':') + 1)
    if (method === spoilt && calls++ === 0) return answer()
    return Response.json(success(method, String(init?.body)))
  }
  const config = { projectId: 'p', emulatorHost: '127.0.0.1:1' }
  const store = createDocumentStore(firestore({ fetch: fetcher }), { config })
  return { things: store.collection('things'), calls: () => calls }
}

const error = { code: 503, status: 'UNAVAILABLE', message: 'a of ada' }
const answers: Readonly<Record<string, () => Response>> = {
  'an error after the first document': () => Response.json([document('a'), { error }]),
  'an error alone, in a list': () => Response.json([{ error }]),
  'JSON that breaks off': () => new Response(JSON.stringify(whole).slice(0, 90)),
  nothing: () => new Response(''),
  null: () => Response.json(null),
  'an empty object': () => Response.json({}),
  'an empty list': () => Response.json([]),
  'a page': () => new Response('<html>please log in</html>', { headers: { 'content-type': 'text/html' } }),
  'a page with 502': () => new Response('<html>bad gateway</html>', { status: 502 }),
  'a 503 that says when to come again': () => new Response('', { status: 503, headers: { 'retry-after': '0.02' } }),
  'a 503 that does not': () => Response.json({ error }, { status: 503 }),
  'a 429 that says when to come again': () => new Response('', { status: 429, headers: { 'retry-after': '0.02' } }),
}

describe('an answer in place of Firestore’s', () => {
  it.each(Object.entries(answers))('%s: a query is sent again', async (_name, answer) => {
    const { things, calls } = collectionOf('runQuery', answer)
    expect(await things.find({}).toArray()).toEqual([{ _id: 'a' }, { _id: 'b' }])
    expect(calls()).toBe(2)
  })

  it.each(Object.entries(answers))(
    '%s: a write whose _id is the caller’s is not said to be done',
    async (name, answer) => {
      const { things, calls } = collectionOf('commit', answer)
      const writing = things.insertOne({ _id: 'a' })
      if (name.startsWith('a 429')) {
        await writing
        expect(calls()).toBe(2)
      } else {
        await expect(writing).rejects.toMatchObject({ outcome: 'unknown' })
        expect(calls()).toBe(1)
      }
    },
  )
})

it('a body that comes a byte at a time ends with the deadline', async () => {
  const server = await served()
  try {
    const emulatorHost = `127.0.0.1:${(server.address() as AddressInfo).port}`
    await using store = createDocumentStore(firestore(), { config: { projectId: 'p', emulatorHost } })
    const began = Date.now()
    const deadline = began + 400
    await expect(store.collection('things').find({}, { deadline }).toArray()).rejects.toMatchObject({
      code: 'LEX_ERR_INFRA_002',
    })
    await expect(store.collection('things').insertOne({ n: 1 }, { deadline: Date.now() + 400 })).rejects.toMatchObject({
      code: expect.stringMatching(/LEX_ERR_(?:INFRA_002|NOSQL_014)/) as string,
    })
    expect(Date.now() - began).toBeLessThan(3000)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

/** Answers with a list that never ends. */
function served(): Promise<Server> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const timer = setInterval(() => response.write('['), 50)
    response.on('close', () => clearInterval(timer))
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}
