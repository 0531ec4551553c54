import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'

/** Where a cell of the table comes from: a test, and a text in it that would go with the test. */
type Evidence = readonly [path: string, text: string]
type Cell = Readonly<Partial<Record<'suite' | 'example' | 'connections', Evidence>>>
type Platform = 'Workers' | 'AWS Lambda' | 'Vercel' | 'Node'

const example = (name: string): Evidence => [`test/examples/${name}.test.ts`, `describeExample(`]
const everywhere = 'for (const runtime of runtimeNames)'
const over = (database: string): Evidence => ['test/examples/databases.test.ts', database]
const suiteOnNode = (path: string, text: string): Evidence => [`src/${path}.test.ts`, text]
const suiteOnWorkers = (name: string, text: string): Evidence => [`test/workers/${name}.test.ts`, text]

const evidence: Readonly<Record<string, Readonly<Partial<Record<Platform, Cell>>>>> = {
  'Neon over HTTP and WebSocket': {
    Workers: { suite: suiteOnWorkers('sql-conformance', 'the neon driver in workerd'), example: example('worker') },
    'AWS Lambda': { example: example('lambda') },
    Vercel: { example: example('vercel') },
    Node: { suite: suiteOnNode('sql/drivers/neon/driver', 'sqlConformance('), example: example('node') },
  },
  'PostgreSQL over TCP': {
    Workers: { suite: suiteOnWorkers('postgres', 'the postgres driver in workerd'), example: over("sql: 'postgres'") },
    'AWS Lambda': {
      example: over("sql: 'postgres'"),
      connections: ['test/connections/postgres-thaw.test.ts', 'a pool in Lambda’s runtime client'],
    },
    Vercel: { example: over("sql: 'postgres'"), connections: ['test/connections/pool.test.ts', 'vercel('] },
    Node: { suite: suiteOnNode('sql/drivers/postgres/driver', 'sqlConformance('), example: over("sql: 'postgres'") },
  },
  'PGlite, embedded': {
    Node: { suite: suiteOnNode('sql/drivers/pglite/driver', 'sqlConformance('), example: over("sql: 'pglite'") },
  },
  'Documents in memory': {
    Workers: { example: example('worker') },
    'AWS Lambda': { example: example('lambda') },
    Vercel: { example: example('vercel') },
    Node: { suite: suiteOnNode('nosql/drivers/memory/memory', 'documentStoreConformance('), example: example('node') },
  },
  MongoDB: {
    Workers: { example: over("documents: 'mongodb'") },
    'AWS Lambda': {
      example: over("documents: 'mongodb'"),
      connections: ['test/connections/mongodb-thaw.test.ts', 'in Lambda’s runtime client'],
    },
    Vercel: {
      example: over("documents: 'mongodb'"),
      connections: ['test/connections/mongodb.test.ts', 'vercel(app, { env })'],
    },
    Node: {
      suite: suiteOnNode('nosql/drivers/mongodb/mongodb', 'documentStoreConformance('),
      example: over("documents: 'mongodb'"),
    },
  },
  DynamoDB: {
    Workers: {
      suite: suiteOnWorkers('dynamodb-conformance', 'the DynamoDB driver in workerd'),
      example: over("documents: 'dynamodb'"),
    },
    'AWS Lambda': { example: over("documents: 'dynamodb'") },
    Vercel: { example: over("documents: 'dynamodb'") },
    Node: {
      suite: suiteOnNode('nosql/drivers/dynamodb/dynamodb', 'documentStoreConformance('),
      example: over("documents: 'dynamodb'"),
    },
  },
  Firestore: {
    Workers: {
      suite: suiteOnWorkers('firestore-conformance', 'the Firestore driver in workerd'),
      example: over("documents: 'firestore'"),
    },
    'AWS Lambda': { example: over("documents: 'firestore'") },
    Vercel: { example: over("documents: 'firestore'") },
    Node: {
      suite: suiteOnNode('nosql/drivers/firestore/firestore', 'documentStoreConformance('),
      example: over("documents: 'firestore'"),
    },
  },
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

describe('the table of what is tested where', () => {
  const rows = tableIn(read('README.md'), 'What is tested where')
  const platforms = rows[0]?.slice(1) as readonly Platform[]
  const databases = rows.slice(1)

  it('says of each combination exactly what its tests are', () => {
    const expected = Object.entries(evidence).map(([database, cells]) => [
      database,
      ...platforms.map((platform) => Object.keys(cells[platform] ?? {}).join(' and ') || '–'),
    ])
    expect(databases).toEqual(expected)
  })

  it('names tests that exist', () => {
    const named = Object.values(evidence).flatMap((cells) =>
      Object.values(cells).flatMap((cell) => Object.values(cell)),
    )
    expect(named.filter(([path, text]) => !read(path).includes(text))).toEqual([])
    expect(read('test/examples/databases.test.ts')).toContain(everywhere)
  })
})

/** The cells of the first table below a heading, head first; links are their texts. */
function tableIn(text: string, heading: string): readonly (readonly string[])[] {
  const [table = ''] = /^\|[\s\S]*?(?=\n\n)/m.exec(text.split(`## ${heading}\n`)[1] ?? '') ?? []
  const rows = table.split('\n').map((line) => line.split('|').slice(1, -1))
  return rows
    .filter((_, index) => index !== 1)
    .map((row) => row.map((cell) => cell.replaceAll(/\[(.*?)\]\(.*?\)/g, '$1').trim()))
}
