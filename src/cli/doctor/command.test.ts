import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serveMongo } from '../../../tools/mongodb-server/serve.ts'
import { toSecret } from '../../core/setting/secret.ts'
import { mongodb } from '../../nosql/drivers/mongodb/mongodb-driver.ts'
import { createDocumentStore } from '../../nosql/store/document-store.ts'
import packageJson from '../../../package.json' with { type: 'json' }
import { createCliProject, sourceOf, type CliProject } from '../../../test/support/cli/project.ts'
import { root } from '../../../tools/commands/steps.ts'
import { checkNode } from './checks/versions.ts'
import { entryPeers } from './entry-peers.ts'
import { findingCodes, type Finding } from './finding.ts'

let project: CliProject
beforeEach(() => {
  project = createCliProject()
})
afterEach(() => project[Symbol.dispose]())

const application = () => `import { createApplication, defineConfig } from '${sourceOf('lexigram-edge')}'
  import { DatabaseConfig } from '${sourceOf('lexigram-edge/sql')}'
  import { defineCollection } from '${sourceOf('lexigram-edge/nosql')}'
  import { setting } from '${sourceOf('lexigram-edge')}'
  export const orders = defineCollection('orders', {
    fields: { tenant: 'string', placed: 'date' }, indexes: [{ keys: { tenant: 1, placed: -1 } }],
  })
  const mail = setting.object({ host: setting.string(), tries: setting.withDefault(setting.int({ min: 1 }), 3) })
  export const app = createApplication({ name: 'shop', config: defineConfig({ database: DatabaseConfig, mail }) })
`
const wrangler = `name = "shop"
main = "src/worker.ts"
compatibility_date = "2026-10-01"
compatibility_flags = ["enable_request_signal"]
[vars]
LEX_MAIL__HOST = "smtp.example.com"
[[hyperdrive]]
binding = "HYPERDRIVE"
id = "1"
[[durable_objects.bindings]]
name = "CART"
class_name = "Cart"
`
const serverless = `service: shop
provider:
  name: aws
  runtime: nodejs24.x
  environment: { LEX_MAIL__HOST: smtp.example.com, DATABASE_URL: '\${ssm:/shop/database}' }
functions:
  orders:
    handler: src/function.handler
    events:
      - sqs: { arn: 'arn:aws:sqs:eu-central-1:1:orders', functionResponseType: ReportBatchItemFailures }
`

/** A project without a mistake. */
async function writeProject() {
  const version = (name: string) => `{ "name": "${name}", "version": "${lowest(name)}" }`
  project.write('package.json', '{ "name": "shop", "type": "module", "dependencies": { "hono": "^4.5.0" } }')
  for (const name of ['hono', 'jose']) project.write(`node_modules/${name}/package.json`, version(name))
  project.write(
    'src/worker.ts',
    `import { onError } from 'lexigram-edge/hono'\nexport class Cart {}\nexport default {}`,
  )
  project.write(
    'src/function.ts',
    `import { firestore } from 'lexigram-edge/nosql/firestore'\nexport const handler = lambda(app)`,
  )
  project.write('wrangler.toml', wrangler)
  project.write('serverless.yml', serverless)
  project.write('vercel.json', '{ "functions": { "api/index.ts": { "maxDuration": 60 } } }')
  project.write('api/index.ts', 'export default vercel(app)')
  project.write('app.mjs', application())
  const file = join(project.folder, 'firestore.indexes.json')
  expect(await project.run('firestore', 'indexes', join(project.folder, 'app.mjs'), '--file', file)).toMatchObject({
    code: 0,
  })
}

const lowest = (name: string) =>
  /\d+\.\d+\.\d+/.exec((packageJson.peerDependencies as Record<string, string>)[name] ?? '')?.[0]

async function doctor(...args: readonly string[]) {
  const app = join(project.folder, 'app.mjs')
  const { code, json, said } = await project.run('doctor', app, '--project', project.folder, '--json', ...args)
  return { code, said, findings: json()['findings'] as readonly Finding[] }
}

describe('lexigram-edge doctor', { timeout: 60_000 }, () => {
  it('says of a sound project only what it has not looked at', async () => {
    await writeProject()
    expect(await doctor()).toMatchObject({ code: 0, findings: [] })
    const { code, said } = await project.run('doctor', '--project', project.folder)
    expect(code).toBe(0)
    expect(said).toBe(
      [
        'not checked: variables and bindings: no module with an application was named',
        'not checked: indexes: no module with collections was named',
        'not checked: row security and indexes of SQL: no database was named',
        'errors: 0, warnings: 0',
      ].join('\n'),
    )
  })

  it('names all of five seeded mistakes, where they are and what to do', async () => {
    await writeProject()
    project.write('node_modules/hono/package.json', '{ "name": "hono", "version": "3.12.0" }')
    project.write(
      'wrangler.toml',
      wrangler.replace('compatibility_date = "2026-10-01"\n', '').replace('MAIL__HOST', 'MAIL__HOTS'),
    )
    project.write('src/function.ts', `import 'lexigram-edge/nosql/firestore'\nexport const main = lambda(app)`)
    project.write('firestore.indexes.json', '{ "indexes": [] }')
    const { code, findings } = await doctor()
    expect(code).toBe(1)
    expect(findings.map(({ code: kind, file, key }) => `${kind} ${file} ${key}`)).toEqual([
      'peer-range package.json dependencies.hono',
      'worker-date wrangler.toml compatibility_date',
      'variable-invalid wrangler.toml vars.LEX_MAIL__HOTS',
      'variable-missing wrangler.toml vars.LEX_MAIL__HOST',
      'handler-missing serverless.yml functions.orders.handler',
      'index-missing firestore.indexes.json indexes',
    ])
    expect(findings.map(({ fix }) => fix)).toContain('Name one of its exports: main.')
    const { said } = await project.run('doctor', join(project.folder, 'app.mjs'), '--project', project.folder)
    expect(said).toContain('✗ peer-range  package.json dependencies.hono\n  hono 3.12.0 is installed')
    expect(said).toContain('errors: 6, warnings: 0')
  })

  it.each<[code: string, file: string, change: (text: string) => string]>([
    ['peer-missing', 'src/worker.ts', (text) => `${text}\nimport { mongodb } from 'lexigram-edge/nosql/mongodb'`],
    ['file-unreadable', 'wrangler.toml', (text) => `${text}\n[vars`],
    ['file-unreadable', 'vercel.json', () => '{ "functions": '],
    ['worker-main', 'wrangler.toml', (text) => text.replace('src/worker.ts', 'src/other.ts')],
    ['worker-date', 'wrangler.toml', (text) => text.replace('2026-10-01', '2999-01-01')],
    ['worker-flag', 'wrangler.toml', (text) => text.replace('"enable_request_signal"', '')],
    ['durable-class', 'wrangler.toml', (text) => text.replace('"Cart"', '"Basket"')],
    ['variable-invalid', 'wrangler.toml', (text) => text.replace('[[hyper', 'LEX_MAIL__TRIES = "0"\n[[hyper')],
    ['variable-missing', 'wrangler.toml', (text) => text.replace(/^LEX_MAIL__HOST.*$/m, '')],
    ['variable-unknown', 'wrangler.toml', (text) => text.replace('[[hyper', 'LEX_DATABSE__POOL_SIZE = "5"\n[[hyper')],
    [
      'secret-in-file',
      'wrangler.toml',
      (text) => text.replace('[[hyper', 'DATABASE_URL = "postgresql://a:hunter2@h/d"\n[[hyper'),
    ],
    ['binding-unread', 'wrangler.toml', (text) => text.replace('"HYPERDRIVE"', '"DB"')],
    ['secret-in-file', 'serverless.yml', (text) => text.replace(/'\$\{.*\}'/, 'postgresql://a:hunter2@h/d')],
    ['variable-missing', 'serverless.yml', (text) => text.replace('LEX_MAIL__HOST: smtp.example.com, ', '')],
    ['handler-missing', 'serverless.yml', (text) => text.replace('src/function.', 'src/functions.')],
    ['function-runtime', 'serverless.yml', (text) => text.replace('nodejs24.x', 'nodejs20.x')],
    ['batch-response', 'serverless.yml', (text) => text.replace(', functionResponseType: ReportBatchItemFailures', '')],
    ['handler-missing', 'vercel.json', (text) => text.replace('api/index.ts', 'api/main.ts')],
    [
      'node-version',
      'package.json',
      (text) => text.replace('"dependencies"', '"engines": { "node": ">=18" }, "dependencies"'),
    ],
  ])('finds only %s in %s', async (code, file, change) => {
    await writeProject()
    project.write(file, change(readFileSync(join(project.folder, file), 'utf8')))
    const { findings, said } = await doctor()
    expect(findings).toEqual([expect.objectContaining({ code, file: expect.stringContaining(file) as string })])
    expect(said).not.toContain('hunter2')
  })

  it('knows that the drivers on Node modules need a flag before they are there by date', async () => {
    await writeProject()
    project.write('node_modules/pg/package.json', `{ "version": "${lowest('pg')}" }`)
    project.write('src/db.ts', `import { postgres } from 'lexigram-edge/sql/postgres'`)
    project.write('wrangler.toml', wrangler.replace('2026-10-01', '2026-01-01'))
    expect((await doctor()).findings).toMatchObject([{ code: 'worker-flag', severity: 'error' }])
  })

  it('reads a commented wrangler.jsonc beside a template of SAM', async () => {
    await writeProject()
    project.write(
      'wrangler.jsonc',
      '{ /* ours */ "main": "src/worker.ts", "compatibility_flags": ["enable_request_signal"], }',
    )
    project.write(
      'template.yaml',
      `Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: function.run
      Runtime: nodejs24.x
      Environment: { Variables: { DATABASE_URL: !Ref Url, LEX_MAIL__HOST: smtp.example.com } }
      Events:
        Queue: { Type: SQS, Properties: { Queue: !GetAtt Queue.Arn } }
`,
    )
    expect((await doctor()).findings.map(({ code, key }) => `${code} ${key}`)).toEqual([
      'worker-date compatibility_date',
      'variable-missing vars.LEX_MAIL__HOST',
      'handler-missing Resources.Orders.Properties.Handler',
      'batch-response Resources.Orders.Properties.Events.Queue.Properties.FunctionResponseTypes',
    ])
  })

  it('asks the database whether policies confine its role', async () => {
    await writeProject()
    const url = `pglite:${join(project.folder, 'data')}`
    project.write(
      'm.mjs',
      `export const migrations = [{ name: '1', sql: ['create table t (id int)', 'alter table t enable row level security'] }]`,
    )
    expect((await doctor('--url', url)).findings).toEqual([])
    await project.run('migrate', 'up', '--url', `${url}?role=lexigram_owner`, '--module', join(project.folder, 'm.mjs'))
    expect((await doctor('--url', `${url}?role=lexigram_owner`)).findings).toMatchObject([
      { code: 'row-security', file: '--url', message: expect.stringContaining('it is the owner') },
    ])
    expect((await doctor('--url', url)).findings).toEqual([])
    expect(await doctor('--url', 'postgresql://u:hunter2@127.0.0.1:1/d')).toMatchObject({
      code: 0,
      findings: [{ code: 'database-unreachable', severity: 'warning' }],
      said: expect.not.stringContaining('hunter2'),
    })
    expect(await doctor('--url', 'mysql://u:hunter2@h/d')).toMatchObject({ code: 2 })
  }, 120_000)

  it.each<[title: string, text: string, expected: readonly string[]]>([
    ['has what its environments take over', '[env.staging]\nvars = { LEX_MAIL__HOST = "smtp.example.com" }', []],
    [
      'lacks bindings and variables that an environment does not take over',
      '[env.production]\nroute = "shop.example.com/*"',
      ['variable-missing env.production.vars.LEX_MAIL__HOST'],
    ],
    [
      'has mistakes of its own in each environment',
      `[env.production]
compatibility_date = "2999-01-01"
compatibility_flags = []
vars = { LEX_MAIL__HOST = "smtp.example.com", LEX_MAIL__TRIES = "0" }
hyperdrive = [{ binding = "DB", id = "1" }]
durable_objects.bindings = [{ name = "CART", class_name = "Basket" }]
[env.staging]
vars = { LEX_MAIL__HOST = "smtp.example.com", DATABASE_URL = "postgresql://a:hunter2@h/d" }`,
      [
        'worker-date env.production.compatibility_date',
        'worker-flag env.production.compatibility_flags',
        'durable-class env.production.durable_objects.bindings[0].class_name',
        'variable-invalid env.production.vars.LEX_MAIL__TRIES',
        'binding-unread env.production.hyperdrive[].binding',
        'secret-in-file env.staging.vars.DATABASE_URL',
      ],
    ],
  ])('looks into the environments of a Worker: it %s', async (_title, text, expected) => {
    await writeProject()
    project.write('wrangler.toml', `${wrangler}\n${text}`)
    const { findings, said } = await doctor()
    expect(findings.map(({ code, key }) => `${code} ${key}`)).toEqual(expected)
    expect(said).not.toContain('hunter2')
  })

  it('says once what all environments take over', async () => {
    await writeProject()
    const text = wrangler.replace('2026-10-01', '2999-01-01')
    project.write('wrangler.toml', `${text}\n[env.staging]\nvars = { LEX_MAIL__HOST = "smtp.example.com" }`)
    expect((await doctor()).findings.map(({ key }) => key)).toEqual(['compatibility_date'])
  })

  it('asks MongoDB whether the indexes are there that collections declare', async () => {
    await writeProject()
    const server = await serveMongo()
    try {
      const url = server.uri.replace('/?', '/shop?')
      expect((await doctor('--url', url)).findings).toMatchObject([
        { code: 'index-missing', severity: 'error', file: '--url', key: 'orders.tenant_1_placed_-1' },
      ])
      await using store = createDocumentStore(mongodb(), { config: { uri: toSecret(url) } })
      await store.collection('orders').createIndex({ tenant: 1, placed: -1 })
      expect((await doctor('--url', url)).findings).toEqual([])
    } finally {
      await server.close()
    }
    expect(await doctor('--url', 'mongodb://u:hunter2@127.0.0.1:1/d?serverSelectionTimeoutMS=100')).toMatchObject({
      code: 0,
      findings: [{ code: 'database-unreachable', severity: 'warning', file: '--url' }],
      said: expect.not.stringContaining('hunter2'),
    })
  })

  it('asks PostgreSQL for the indexes of tables and foreign keys', async () => {
    await writeProject()
    const url = `pglite:${join(project.folder, 'data')}`
    const tables = `import { index, integer, pgTable, text } from '${import.meta.resolve('drizzle-orm/pg-core')}'
      export const orders = pgTable('orders', { id: integer('id').primaryKey(), tenant: text('tenant'), total: integer('total') },
        (t) => [index('by_tenant').on(t.tenant), index('by_total').on(t.tenant, t.total)])`
    const module = project.write('tables.mjs', tables)
    const migration = (...sql: readonly string[]) =>
      `export const migrations = [{ name: '1', sql: ${JSON.stringify(sql)} }]`
    const migrations = project.write(
      'm.mjs',
      migration(
        'create table orders (id int primary key, tenant text, total int)',
        'create table items (id int primary key, "order" int references orders, product int)',
        'create index on orders (tenant)',
      ),
    )
    await project.run('migrate', 'up', '--url', url, '--module', migrations)
    const { code, json } = await project.run('doctor', module, '--project', project.folder, '--url', url, '--json')
    expect(code).toBe(1)
    expect(json()['findings']).toMatchObject([
      { code: 'index-missing', severity: 'error', key: 'orders.by_total' },
      { code: 'index-missing', severity: 'warning', key: 'items.items_order_fkey' },
    ])
  }, 120_000)

  it('refuses a Node that is too old', () => {
    const nothing = {
      folder: '.',
      manifest: {},
      uses: [],
      applications: [],
      collections: [],
      exported: [],
      modules: [],
    }
    expect(checkNode(nothing, '20.1.0')).toMatchObject([{ code: 'node-version', severity: 'error' }])
    expect(checkNode(nothing, '22.1.0')).toEqual([])
  })
})

describe('what doctor knows', () => {
  it('is what the guide says of entries and their packages', () => {
    const page = readFileSync(join(root, 'docs/entry-points.md'), 'utf8')
    const rows = [...page.matchAll(/^\| `(lexigram-edge[^`]*)`.*\| `([^`]+)` +\|$/gm)].map(([, entry, peer]) => [
      entry,
      peer,
    ])
    expect(entryPeers).toEqual(Object.fromEntries(rows))
  })

  it('is listed in the guide of the command line', () => {
    const [, page = ''] = readFileSync(join(root, 'docs/cli.md'), 'utf8').split('## Doctor')
    const codes = [...page.matchAll(/^\| `([a-z]+-[a-z-]+)` +\|/gm)].map(([, code]) => code)
    expect(codes.toSorted()).toEqual(findingCodes.toSorted())
  })
})
