import { describe, expect, it } from 'vitest'
import { defineConfig } from '../config/define-config.ts'
import { provider } from '../runtime/provider.ts'
import { named } from '../core/token.ts'
import { createApplication } from '../runtime/application.ts'
import { NoSqlConfig } from './config.ts'
import { DocumentStore } from './store/document-store.ts'
import { DocumentStores } from './store/document-stores.ts'
import type { DocumentBackend, DocumentDriver, DocumentDriverSettings } from './contract/driver.ts'
import * as setting from '../core/setting/schema.ts'
import { memory } from './drivers/memory/memory-driver.ts'
import { NoSQLConnectionError } from './errors.ts'
import type { Document } from './query/value.ts'
import { noSqlProvider } from './provider.ts'
import { DocumentRepository } from './repository/repository.ts'

const Analytics = named(DocumentStore, 'analytics')

class Reviews extends DocumentRepository<Document> {
  static readonly inject = [DocumentStore] as const
  protected readonly collectionName = 'reviews'

  protected documentToEntity(document: Document): Document {
    return document
  }

  protected entityToDocument(entity: Document): Document {
    return entity
  }
}

const twoStores = {
  LEX_NOSQL__BACKENDS__0__NAME: 'analytics',
  LEX_NOSQL__BACKENDS__0__DRIVER: 'memory',
  LEX_NOSQL__BACKENDS__1__NAME: 'main',
  LEX_NOSQL__BACKENDS__1__DRIVER: 'memory',
  LEX_NOSQL__BACKENDS__1__PRIMARY: 'true',
}

function boot(drivers: readonly DocumentDriver[], env: object = {}, socketsOutliveRequests = true) {
  const errors: unknown[] = []
  const app = createApplication({
    name: 'test',
    config: defineConfig({ nosql: NoSqlConfig }),
    providers: [
      noSqlProvider({ drivers }),
      provider('reviews', { register: (container) => container.scoped(Reviews, Reviews) }),
    ],
    onError: ({ error }) => errors.push(error),
  })
  const running = app.boot(env, { name: 'test', socketsOutliveRequests, sharesPending: socketsOutliveRequests })
  return Object.assign(running, { errors })
}

/** The memory driver under another name, with its connections watched. */
function watched(
  name: string,
  log: string[],
  overrides: Partial<DocumentBackend> = {},
  io: DocumentDriver['io'] = 'socket',
) {
  const real = memory()
  const driver: DocumentDriver = {
    name,
    import: real.import,
    io,
    open(settings) {
      const backend = real.open(settings)
      const database = settings?.database ?? 'default'
      return {
        ...backend,
        async connect(context) {
          log.push(`connect ${database}`)
          await backend.connect(context)
        },
        async disconnect() {
          log.push(`disconnect ${database}`)
          await backend.disconnect()
        },
        ...overrides,
      }
    },
  }
  return driver
}

describe('noSqlProvider', () => {
  it('provides each scope with the one listed driver as its document store', async () => {
    await using running = await boot([memory()])
    await using first = running.container.scope()
    await using second = running.container.scope()
    await (await first.resolve(Reviews)).save({ _id: 'r', stars: 5 })
    expect(await (await second.resolve(Reviews)).find('r')).toEqual({ _id: 'r', stars: 5 })
    expect(first.get(DocumentStore)).toBe(first.get(named(DocumentStore, 'default')))
    expect(first.get(DocumentStore)).not.toBe(second.get(DocumentStore))
  })

  it('provides named stores with separate data', async () => {
    await using running = await boot([memory()], twoStores)
    await using scope = running.container.scope()
    await scope.get(Analytics).collection('c').insertOne({ _id: 1 })
    expect(await scope.get(DocumentStore).collection('c').countDocuments()).toBe(0)
    expect(running.container.get(DocumentStores).names).toEqual(['main', 'analytics'])
  })

  it('provides the primary under the plain token', async () => {
    await using running = await boot([memory()], twoStores)
    await using scope = running.container.scope()
    expect(scope.get(DocumentStore)).toBe(scope.get(named(DocumentStore, 'main')))
  })

  it('takes the first store for the primary when none is said to be', async () => {
    const { LEX_NOSQL__BACKENDS__1__PRIMARY: _, ...env } = twoStores
    await using running = await boot([memory()], env)
    await using scope = running.container.scope()
    expect(scope.get(DocumentStore)).toBe(scope.get(Analytics))
  })

  it('opens its own scope for a store from the application container', async () => {
    const log: string[] = []
    await using running = await boot([watched('memory', log)])
    {
      await using store = await running.container.resolve(DocumentStore)
      await store.collection('c').insertOne({ _id: 1 })
    }
    await using again = await running.container.resolve(DocumentStore)
    expect(await again.collection('c').countDocuments()).toBe(1)
    expect(log).toEqual(['connect default'])
  })

  it('connects at boot and disconnects at shutdown, not with a scope', async () => {
    const log: string[] = []
    const running = await boot([watched('memory', log)], twoStores)
    expect(log.toSorted()).toEqual(['connect analytics', 'connect main'])
    const scope = running.container.scope()
    await scope.get(DocumentStore).disconnect()
    await scope[Symbol.asyncDispose]()
    expect(log).toHaveLength(2)
    await running[Symbol.asyncDispose]()
    expect(log.slice(2).toSorted()).toEqual(['disconnect analytics', 'disconnect main'])
  })

  it('opens a socket per scope where sockets die with the request', async () => {
    const log: string[] = []
    await using running = await boot([watched('memory', log)], {}, false)
    expect(log).toEqual([])
    for (const id of [1, 2]) {
      await using scope = running.container.scope()
      await (await scope.resolve(DocumentStore)).collection('c').insertOne({ _id: id })
    }
    expect(log).toEqual(['connect default', 'disconnect default', 'connect default', 'disconnect default'])
    log.length = 0
    expect(await running.container.get(DocumentStores).health()).toMatchObject({ default: { status: 'healthy' } })
    expect(log).toEqual(['connect default', 'disconnect default'])
  })

  it('shares what holds no socket on every runtime', async () => {
    const log: string[] = []
    await using running = await boot([watched('memory', log, {}, 'stateless')], {}, false)
    expect(log).toEqual(['connect default'])
    await using scope = running.container.scope()
    await scope.get(DocumentStore).collection('c').insertOne({})
    expect(log).toEqual(['connect default'])
  })

  it('connects all stores at once and undoes what had connected when one fails', async () => {
    const log: string[] = []
    const refused = new NoSQLConnectionError('refused')
    const failing = watched('failing', log, { connect: () => Promise.reject(refused) })
    const env = { ...twoStores, LEX_NOSQL__BACKENDS__0__DRIVER: 'failing' }
    await expect(boot([watched('memory', log), failing], env)).rejects.toBe(refused)
    expect(log).toContain('connect main')
    expect(log).toContain('disconnect main')
  })

  it('names the store that made the application unhealthy', async () => {
    const log: string[] = []
    const gone = new NoSQLConnectionError('gone')
    const ill = watched('ill', log, { ping: () => Promise.reject(gone) })
    const starting = boot([memory(), ill], { ...twoStores, LEX_NOSQL__BACKENDS__0__DRIVER: 'ill' })
    await using running = await starting
    expect(await running.container.get(DocumentStores).health()).toMatchObject({
      main: { status: 'healthy' },
      analytics: { status: 'unhealthy', error: gone },
    })
    const report = await running.health('readiness')
    expect(report).toMatchObject({ status: 'unhealthy', checks: [{ name: 'nosql', status: 'unhealthy' }] })
    expect(starting.errors).toMatchObject([{ code: 'LEX_ERR_NOSQL_002', cause: gone, message: /analytics/ }])
  })
})

describe('the choice of a driver', () => {
  it('is refused where the entry point does not list it, with a line that shows how', async () => {
    const own: DocumentDriver = { ...memory(), name: 'own' }
    for (const env of [
      { LEX_NOSQL__DRIVER: 'memory' },
      { ...twoStores, LEX_NOSQL__BACKENDS__1__DRIVER: 'memory', LEX_NOSQL__BACKENDS__0__DRIVER: 'own' },
    ]) {
      await expect(boot([own], env)).rejects.toMatchObject({
        code: 'LEX_ERR_USE_001',
        hint: expect.stringContaining("import { memory } from 'lexigram-edge/nosql/memory'"),
      })
    }
    await expect(boot([memory()], { LEX_NOSQL__DRIVER: 'mongodb' })).rejects.toMatchObject({
      hint: expect.stringContaining("import { mongodb } from 'lexigram-edge/nosql/mongodb'"),
    })
    await expect(boot([memory()], { LEX_NOSQL__DRIVER: 'mysql' })).rejects.toMatchObject({
      hint: expect.stringContaining('LEX_NOSQL__DRIVER'),
    })
  })

  it('is corrected where its name is misspelt', async () => {
    await expect(boot([memory()], { LEX_NOSQL__DRIVER: 'memmory' })).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      hint: 'Correct LEX_NOSQL__DRIVER: did you mean memory?',
    })
  })

  it('is never made among several: data in the wrong place is worse than an error', async () => {
    const other = watched('other', [])
    await expect(boot([memory(), other])).rejects.toMatchObject({ hint: 'Set LEX_NOSQL__DRIVER.' })
    await expect(boot([])).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
    await using running = await boot([memory(), other], { LEX_NOSQL__DRIVER: 'other' })
    expect(running.container.get(DocumentStores).names).toEqual(['default'])
  })
})

const url = setting.string({
  shape: 'a URL such as mongodb://host:27017',
  test: (text) => text.startsWith('mongodb://'),
})

const settings: DocumentDriverSettings<unknown> = {
  schema: setting.object({
    uri: setting.optional(setting.secret(url)),
    database: setting.optional(setting.string()),
    maxPoolSize: setting.optional(setting.int({ min: 1 })),
  }),
  aliases: { uri: ['MONGODB_URI', 'MONGO_URL'] },
  required: ['uri'],
}

describe('NoSqlConfig', () => {
  it("hands a driver its section, with the ecosystem's own variable names", async () => {
    const seen: unknown[] = []
    const driver: DocumentDriver = {
      ...memory(),
      name: 'mongodb',
      settings,
      open: (settings) => {
        seen.push(settings)
        return memory().open(settings)
      },
    }
    const env = {
      LEX_NOSQL__DRIVER: 'mongodb',
      MONGODB_URI: 'mongodb://user:hush@localhost:27017',
      LEX_NOSQL__MONGODB__DATABASE: 'app',
      LEX_NOSQL__MONGODB__MAX_POOL_SIZE: '7',
    }
    await using running = await boot([driver], env)
    expect(seen).toMatchObject([{ database: 'app', config: { database: 'app', maxPoolSize: 7 } }])
    expect(JSON.stringify(seen)).not.toContain('hush')
    expect(running.container.get(NoSqlConfig).scans).toBe('warn')
  })

  it('lists everything that is wrong with the backends, naming the variables', async () => {
    const env = {
      LEX_NOSQL__BACKENDS__0__NAME: 'same',
      LEX_NOSQL__BACKENDS__0__DRIVER: 'mongodb',
      LEX_NOSQL__BACKENDS__0__PRIMARY: 'yes',
      LEX_NOSQL__BACKENDS__1__NAME: 'same',
      LEX_NOSQL__BACKENDS__1__PRIMARY: 'yes',
    }
    const failure = await boot([memory()], env).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'LEX_ERR_CFG_001' })
    for (const variable of ['1__NAME', '1__PRIMARY'])
      expect(String(failure)).toContain(`LEX_NOSQL__BACKENDS__${variable}`)
    await expect(boot([memory()], { LEX_NOSQL__DRIVR: 'memory' })).rejects.toMatchObject({ code: 'LEX_ERR_CFG_001' })
    const mongodb = { ...memory(), name: 'mongodb', settings }
    await expect(boot([mongodb], { MONGODB_URI: 'localhost' })).rejects.toThrow(/MONGODB_URI/)
    await expect(boot([mongodb], { LEX_NOSQL__MONGODB__POOL: '1' })).rejects.toThrow(/LEX_NOSQL__MONGODB__POOL/)
  })

  it('leaves the sections of drivers alone that are not listed, unless they are misspelt ones of those that are', async () => {
    await using running = await boot([memory()], { LEX_NOSQL__MONGODB__URI: 'mongodb://user:hush@host' })
    expect(JSON.stringify(running.container.get(NoSqlConfig))).not.toContain('hush')
    const misspelt = boot([{ ...memory(), name: 'mongodb', settings }], { LEX_NOSQL__MONGOBD__URI: 'mongodb://host' })
    await expect(misspelt).rejects.toThrow(/LEX_NOSQL__MONGOBD.*did you mean LEX_NOSQL__MONGODB/)
  })

  it('names every setting that a chosen driver cannot do without', async () => {
    const mongodb = { ...watched('mongodb', []), settings }
    await expect(boot([mongodb])).rejects.toMatchObject({
      code: 'LEX_ERR_CFG_001',
      issues: [{ variable: 'LEX_NOSQL__MONGODB__URI', aliases: ['MONGODB_URI', 'MONGO_URL'] }],
    })
    const mixed = {
      ...twoStores,
      LEX_NOSQL__BACKENDS__0__DRIVER: 'mongodb',
      LEX_NOSQL__BACKENDS__2__NAME: 'third',
      LEX_NOSQL__BACKENDS__2__DRIVER: 'mongodb',
    }
    await expect(boot([memory(), mongodb], mixed)).rejects.toMatchObject({
      issues: [
        { variable: 'LEX_NOSQL__BACKENDS__0__MONGODB__URI', aliases: [] },
        { variable: 'LEX_NOSQL__BACKENDS__2__MONGODB__URI', aliases: [] },
      ],
    })
  })
})
