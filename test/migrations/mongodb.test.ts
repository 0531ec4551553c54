import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { toSecret } from '../../src/core/setting/secret.ts'
import { mongodb } from '../../src/nosql/drivers/mongodb/mongodb-driver.ts'
import { AddField } from '../../src/nosql/migration/field-operations.ts'
import { MigrationManager, type MigrationManagerOptions } from '../../src/nosql/migration/manager.ts'
import { createDocumentStore, type DocumentStore } from '../../src/nosql/store/document-store.ts'
import { serveMongo } from '../../tools/mongodb-server/serve.ts'

describe('runners of migrations on MongoDB', async () => {
  const server = await serveMongo()
  const stores: DocumentStore[] = []
  const open = () => {
    const store = createDocumentStore(mongodb(), { config: { uri: toSecret(server.uri) }, scans: 'allow' })
    stores.push(store)
    return store
  }
  const store = open()
  const users = store.collection('users')
  const runner = (name: string, options: Partial<MigrationManagerOptions> = {}) =>
    new MigrationManager({ store: open(), dbName: 'app', runner: name, segmentSize: 100, ...options }).add(
      new AddField('users', 'x', { default: 1 }),
    )
  afterAll(async () => {
    for (const opened of stores) await opened.disconnect()
    await server.close()
  })
  beforeEach(async () => {
    for (const name of await store.listCollections()) await store.dropCollection(name)
    await users.insertMany(Array.from({ length: 1000 }, (_, n) => ({ n })))
  })

  it('runners that start at the same time apply a migration once', async () => {
    const changed: string[] = []
    const progressOf = (name: string) => ({
      onProgress: ({ kind }: { readonly kind: string }) => void (kind === 'progress' && changed.push(name)),
    })
    const outcomes = await Promise.all(['a', 'b'].map((name) => runner(name, progressOf(name)).apply()))
    expect(outcomes.map((applied) => applied.length).toSorted((a, b) => a - b)).toEqual([0, 1])
    expect(new Set(changed).size).toBe(1)
    expect(await users.countDocuments({ x: 1 })).toBe(1000)
  })

  it('resume what a killed one has begun when its lease is over', async () => {
    const child = fork(join(import.meta.dirname, 'runner.ts'), [server.uri], { execArgv: ['--no-warnings'] })
    await once(child, 'message')
    const done = await users.countDocuments({ x: 1 })
    expect(done).toBeGreaterThan(0)
    expect(done).toBeLessThan(1000)
    const midway = Date.now()
    const early = runner('the impatient', { waitMs: 0, now: () => midway })
    await expect(early.apply()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_013' })
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
    const inAMinute = () => Date.now() + 60_000
    expect(await runner('the next', { now: inAMinute }).apply()).toMatchObject([{ changed: 1000 }])
    expect(await users.countDocuments({ x: 1 })).toBe(1000)
    expect(await runner('the last').apply()).toEqual([])
  })
})
