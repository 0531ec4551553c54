import type { Batch, SpanRecord } from '../../src/inspector/wire.ts'

type Part = Partial<SpanRecord> & Pick<SpanRecord, 'name'> & { readonly at: number; readonly took?: number }

let count = 0
const nextId = (digits: number): string => (++count).toString(16).padStart(digits, '0')

/** A request and its parts as an application sends them; times are in milliseconds from its beginning. */
export function madeTrace(start: number, root: Part, parts: readonly Part[]): SpanRecord[] {
  const rootId = nextId(16)
  const traceId = nextId(32)
  const record = ({ at, took, ...rest }: Part, own: string): SpanRecord => ({
    traceId,
    spanId: own,
    rootId,
    kind: 'internal',
    start: start + at,
    ...(took !== undefined && { end: start + at + took }),
    attributes: {},
    ...rest,
  })
  return [record(root, rootId), ...parts.map((part) => record({ parentId: rootId, ...part }, nextId(16)))]
}

export const select = (table: string, at: number, took: number): Part => ({
  name: `SELECT ${table}`,
  kind: 'client',
  at,
  took,
  attributes: {
    'db.system.name': 'postgresql',
    'db.operation.name': 'SELECT',
    'db.query.summary': `SELECT ${table}`,
    'db.query.text': `select * from ${table} where id = $1`,
    'db.response.returned_rows': 1,
  },
})

export const scan = (collection: string, at: number, took: number): Part => ({
  name: `find ${collection}`,
  kind: 'client',
  at,
  took,
  attributes: {
    'db.system.name': 'aws.dynamodb',
    'db.operation.name': 'find',
    'db.collection.name': collection,
    'db.query.summary': `find ${collection}`,
    'lexigram.plan.access': 'scan',
    'lexigram.plan.residual': 'total, country',
    'lexigram.plan.scan': true,
    'lexigram.plan.requests': 12,
    'lexigram.requests': 12,
    'lexigram.documents.scanned': 4_812,
  },
})

const request = (path: string, status: number) => ({
  'http.request.method': 'GET',
  'url.path': path,
  'http.response.status_code': status,
})

/** An application with all that the page marks: what is slow, what fails, what is repeated, what goes on. */
export function madeBatch(now: number): Batch {
  const spans = [
    ...madeTrace(
      now - 9000,
      { name: 'GET /orders', kind: 'server', at: 0, took: 41, attributes: request('/orders', 200) },
      [
        select('orders', 2, 3),
        ...Array.from({ length: 9 }, (_, index) => select('customers', 6 + index * 3.4, 2.6)),
        { name: 'end of scope', at: 38, took: 2 },
      ],
    ),
    ...madeTrace(
      now - 7000,
      { name: 'GET /reports/:month', kind: 'server', at: 0, took: 1240, attributes: request('/reports/may', 200) },
      [
        scan('invoices', 12, 1108),
        select('months', 1125, 6),
        { name: 'waitUntil', at: 1238, took: 220 },
        { name: 'end of scope', at: 1460, took: 3 },
      ],
    ),
    ...madeTrace(
      now - 5000,
      {
        name: 'POST /payments',
        kind: 'server',
        at: 0,
        took: 88,
        failure: '23505',
        attributes: { ...request('/payments', 500), 'http.request.method': 'POST' },
      },
      [
        {
          ...select('payments', 4, 11),
          name: 'INSERT payments',
          failure: '23505',
          attributes: {
            'db.system.name': 'postgresql',
            'db.query.summary': 'INSERT payments',
            'db.query.text': 'insert into payments (id, total) values ($1, $2)',
          },
        },
      ],
    ),
    ...madeTrace(
      now - 4000,
      {
        name: 'process orders',
        kind: 'consumer',
        at: 0,
        took: 23,
        attributes: { 'messaging.destination.name': 'orders', 'messaging.system': 'aws_sqs' },
      },
      [select('stock', 3, 4)],
    ),
    ...madeTrace(now - 3000, { name: 'GET /export', kind: 'server', at: 0, attributes: request('/export', 200) }, [
      select('products', 2, 40),
    ]),
  ]
  return { application: { id: 'made', name: 'shop' }, spans, dropped: 3 }
}
