import { describe, expect, it } from 'vitest'
import { createApplication } from '../../runtime/application.ts'
import { defineConfig } from '../../config/define-config.ts'
import { NoSqlConfig } from '../config.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import { noSqlProvider } from '../provider.ts'
import { DocumentStore } from '../store/document-store.ts'

const boot = () =>
  createApplication({
    name: 'test',
    config: defineConfig({ nosql: NoSqlConfig }),
    providers: [noSqlProvider({ drivers: [memory()] })],
  }).boot({}, { name: 'test', socketsOutliveRequests: true, sharesPending: true })

describe('a store that scopes share', () => {
  it('ends only the streams of changes of its scope', async () => {
    const running = await boot()
    const shared = running.container.scope()
    const other = await shared.resolve(DocumentStore)
    const stays = await other.collection('orders').watch()
    const scope = running.container.scope()
    const store = await scope.resolve(DocumentStore)
    const ends = await store.collection('orders').watch()
    const waiting = ends.next()
    await scope[Symbol.asyncDispose]()
    expect(await waiting).toBeNull()
    await other.collection('orders').insertOne({ _id: 1 })
    expect(await stays.next()).toMatchObject({ operationType: 'insert', documentKey: { _id: 1 } })
    await shared[Symbol.asyncDispose]()
    expect(stays.closed).toBe(true)
    expect(await stays.next()).toBeNull()
  })
})
