import { describe, expect, it } from 'vitest'
import { defineConfig } from '../../config/define-config.ts'
import * as setting from '../../core/setting/schema.ts'
import { section } from '../../core/setting/section.ts'
import { createApplication } from '../../runtime/application.ts'
import { DatabaseConfig } from '../../sql/config.ts'
import { sqlProvider } from '../../sql/provider.ts'
import { neon } from '../../sql/drivers/neon/index.ts'
import { NoSqlConfig } from '../config.ts'
import type { DocumentDriver } from '../contract/driver.ts'
import { dynamodb } from '../drivers/dynamodb/index.ts'
import { firestore } from '../drivers/firestore/index.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import { mongodb } from '../drivers/mongodb/index.ts'
import { noSqlProvider } from '../provider.ts'

async function warningsOf(env: object, drivers: readonly DocumentDriver[] = [memory()], sections = {}) {
  const told: { phase: string; text: string }[] = []
  const app = createApplication({
    name: 'test',
    config: defineConfig({ nosql: NoSqlConfig, ...sections }),
    providers: [noSqlProvider({ drivers })],
    onError: ({ error, phase }) => told.push({ phase, text: String(error) }),
  })
  await using running = await app.boot(env)
  expect(running.container).toBeDefined()
  return told
}

const urls = [
  ['MONGODB_URI', 'mongodb://user:hush@host', /mongodb\(\) reads MONGODB_URI/],
  ['MONGODB_URL', 'mongodb://user:hush@host', /mongodb\(\) reads MONGODB_URI/],
  ['MONGO_URL', 'mongodb://user:hush@host', /mongodb\(\) reads MONGODB_URI/],
  ['DATABASE_URL', 'postgresql://user:hush@host/app', /sqlProvider\(\) reads DATABASE_URL/],
  ['POSTGRES_URL', 'postgresql://user:hush@host/app', /sqlProvider\(\) reads DATABASE_URL/],
  ['FIRESTORE_EMULATOR_HOST', 'hush:8080', /firestore\(\)/],
  ['FIRESTORE_CREDENTIALS', '{"private_key":"hush"}', /firestore\(\)/],
  ['FIRESTORE_PROJECT', 'hush', /firestore\(\)/],
  ['DYNAMODB_ENDPOINT', 'http://hush:8000', /dynamodb\(\)/],
  ['AWS_ENDPOINT_URL_DYNAMODB', 'http://hush:8000', /dynamodb\(\)/],
] as const

describe('a variable that names a database', () => {
  it.each(urls)('%s is a warning at boot where no driver reads it', async (name, value, remedy) => {
    const told = await warningsOf({ [name]: value })
    expect(told).toEqual([{ phase: 'boot', text: expect.stringContaining(`${name}: is set`) }])
    expect(told[0]?.text).toMatch(remedy)
    expect(told[0]?.text).not.toContain('hush')
  })

  it('several of them are one warning', async () => {
    const told = await warningsOf({ MONGODB_URI: 'mongodb://host', DATABASE_URL: 'postgresql://host/app' })
    expect(told).toHaveLength(1)
    expect(told[0]?.text).toMatch(/DATABASE_URL: [^]*MONGODB_URI: /)
  })

  it.each([
    [[memory(), mongodb()], { MONGODB_URI: 'mongodb://host', MONGODB_URL: 'mongodb://other' }],
    [[memory(), firestore()], { FIRESTORE_EMULATOR_HOST: 'host:8080' }],
    [[memory(), dynamodb()], { DYNAMODB_ENDPOINT: 'http://host:8000' }],
  ])('causes no warning where a listed driver reads it', async (drivers, env) => {
    expect(await warningsOf({ LEX_NOSQL__DRIVER: 'memory', ...env }, drivers)).toEqual([])
  })

  it.each([{}, { MONGODB_URI: '' }, { AWS_REGION: 'eu-west-1', GOOGLE_CLOUD_PROJECT: 'project' }])(
    'unset, blank or of the platform at large, causes no warning: %o',
    async (env) => {
      expect(await warningsOf(env)).toEqual([])
    },
  )

  it('causes no warning where a section of the application reads it', async () => {
    const legacy = section('legacy', setting.object({ uri: setting.string() }), { aliases: { uri: 'MONGODB_URI' } })
    expect(await warningsOf({ MONGODB_URI: 'mongodb://host' }, [memory()], { legacy })).toEqual([])
  })

  it('is a warning beside an SQL driver, too', async () => {
    const told: string[] = []
    const app = createApplication({
      name: 'test',
      config: defineConfig({ database: DatabaseConfig }),
      providers: [sqlProvider({ drivers: [neon()] })],
      onError: ({ error }) => told.push(String(error)),
    })
    await using running = await app.boot({
      DATABASE_URL: 'postgresql://user:hush@127.0.0.1:1/app',
      MONGODB_URI: 'mongodb://host',
    })
    expect(running.container).toBeDefined()
    expect(told).toEqual([expect.stringContaining('MONGODB_URI: is set')])
  })

  it('causes no warning for an application without drivers, which reaches its database by other means', async () => {
    const told: unknown[] = []
    const app = createApplication({ name: 'test', onError: ({ error }) => told.push(error) })
    await using running = await app.boot({ MONGODB_URI: 'mongodb://host' })
    expect(running.container).toBeDefined()
    expect(told).toEqual([])
  })
})

describe('a driver that the section asks for', () => {
  it('is refused where it is not listed', async () => {
    const env = { LEX_NOSQL__DRIVER: 'mongodb', MONGODB_URI: 'mongodb://user:hush@host' }
    await expect(warningsOf(env)).rejects.toThrow(
      'the document driver "mongodb" cannot be used: the entry point does not list it',
    )
  })

  const settings = { uri: 'mongodb://user:hush@host' }
  const named = { LEX_NOSQL__BACKENDS__0__NAME: 'orders' }

  it.each([
    ['LEX_NOSQL__MONGODB__URI', { LEX_NOSQL__MONGODB__URI: settings.uri }],
    ['LEX_NOSQL__MONGODB', { LEX_NOSQL__MONGODB: JSON.stringify(settings) }],
    ['LEX_NOSQL__BACKENDS__0__MONGODB__URI', { ...named, LEX_NOSQL__BACKENDS__0__MONGODB__URI: settings.uri }],
    ['LEX_NOSQL', { LEX_NOSQL__BACKENDS: JSON.stringify([{ name: 'orders', mongodb: settings }]) }],
  ])('is a warning that names %s where only its settings are given', async (variable, env) => {
    const told = await warningsOf(env)
    const text = expect.stringContaining(
      `${variable}: is set for mongodb, which is not a listed driver (listed: memory)`,
    )
    expect(told).toEqual([{ phase: 'provider', text }])
    expect(told[0]?.text).not.toContain('hush')
  })

  it.each([
    [{ LEX_NOSQL__MONGODB__URI: settings.uri, LEX_NOSQL__DRIVER: 'memory' }],
    [{ ...named, LEX_NOSQL__BACKENDS__0__MONGODB__URI: settings.uri, LEX_NOSQL__BACKENDS__0__DRIVER: 'memory' }],
  ])('causes no warning where its settings are given and another one is chosen', async (env) => {
    expect(await warningsOf(env)).toEqual([])
  })
})
