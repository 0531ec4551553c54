import { describe, expect, it } from 'vitest'
import { interceptDriver, type DriverCall } from '../../testing/intercept-driver.ts'
import { createDocumentStore } from '../store/document-store.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import { AddField, RemoveField } from './field-operations.ts'
import { CreateIndex } from './index-operations.ts'
import { MigrationManager } from './manager.ts'
import { RunScript } from './run-script.ts'
import type { MigrationEvent } from './run-step.ts'

async function setUp(documents = 0) {
  const calls: DriverCall[] = []
  let fail: ((call: DriverCall) => boolean) | undefined
  const driver = interceptDriver(memory(), (call) => {
    calls.push(call)
    if (fail?.(call) === true) throw new Error('the network is gone')
  })
  const store = createDocumentStore(driver)
  const users = store.collection('users')
  if (documents > 0) await users.insertMany(Array.from({ length: documents }, (_, n) => ({ _id: `u${n}`, n })))
  let time = Date.UTC(2026, 0, 1)
  const events: MigrationEvent[] = []
  const manager = () =>
    new MigrationManager({
      store,
      dbName: 'app',
      segmentSize: 10,
      now: () => (time += 5),
      sleep: () => Promise.resolve(),
      every: () => () => undefined,
      onProgress: (event) => events.push(event),
    })
  const records = () => store.collection('_migrations').find({}, { sort: 'position' }).toArray()
  return { store, users, manager, records, events, calls, failOn: (when?: typeof fail) => (fail = when) }
}

const kinds = (events: readonly MigrationEvent[]) => events.map(({ kind }) => kind)

describe('MigrationManager.apply', () => {
  it('applies what the guide adds once, in order', async () => {
    const { manager, users, records, store } = await setUp(3)
    const add = () =>
      manager()
        .add(new CreateIndex('users', [['n', 1]], { unique: true }))
        .add(new AddField('users', 'avatarUrl', { default: '' }))
    expect(await add().pending()).toEqual([
      { id: '0001_create_index_users_n_1', description: 'CreateIndex users n_1' },
      { id: '0002_add_field_users_avatar_url', description: 'AddField users avatarUrl' },
    ])
    const applied = await add().apply()
    expect(applied.map(({ id, changed }) => [id, changed])).toEqual([
      ['0001_create_index_users_n_1', 1],
      ['0002_add_field_users_avatar_url', 3],
    ])
    expect(applied.every(({ durationMs }) => durationMs > 0)).toBe(true)
    expect(await users.findOne({ _id: 'u1' })).toEqual({ _id: 'u1', n: 1, avatarUrl: '' })
    await expect(users.insertOne({ n: 1 })).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
    expect(await records()).toMatchObject([
      { id: '0001_create_index_users_n_1', status: 'applied', attempts: 1, error: null },
      { id: '0002_add_field_users_avatar_url', status: 'applied', attempts: 1, changed: 3 },
    ])
    expect(await add().apply()).toEqual([])
    expect(await add().pending()).toEqual([])
    expect(await store.collection('_migrations_lock').countDocuments()).toBe(0)
  })

  it('reports each segment that it has changed', async () => {
    const { manager, events, calls } = await setUp(25)
    await manager()
      .add(new AddField('users', 'x', { default: { y: [1] } }))
      .apply()
    const progress = events.flatMap((event) => (event.kind === 'progress' ? [event.changed] : []))
    expect(progress).toEqual([10, 20, 25])
    expect(kinds(events)).toEqual(['started', 'progress', 'progress', 'progress', 'applied'])
    const writes = calls.filter(({ collection, operation }) => collection === 'users' && operation === 'write')
    expect(Math.max(...writes.slice(1).map((call) => (call.arguments[0] as unknown[]).length))).toBe(10)
  })

  it('leaves a clear record of a failure, keeps what was done and resumes there', async () => {
    const { manager, users, records, events, failOn } = await setUp(25)
    const migrations = () =>
      manager()
        .add(new AddField('users', 'x', { default: 1 }))
        .add(new AddField('users', 'y', { default: 2 }))
    let segments = 0
    failOn(({ collection, operation }) => collection === 'users' && operation === 'write' && ++segments === 2)
    await expect(migrations().apply()).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_012',
      cause: new Error('the network is gone'),
      details: { migration: '0001_add_field_users_x' },
    })
    failOn()
    expect(await records()).toMatchObject([
      {
        id: '0001_add_field_users_x',
        status: 'failed',
        changed: 10,
        attempts: 1,
        error: { name: 'Error', code: null },
      },
    ])
    expect(await users.countDocuments({ x: 1 })).toBe(10)
    expect(await migrations().status()).toMatchObject([{ status: 'failed' }, { status: 'pending' }])
    events.length = 0
    const applied = await migrations().apply()
    expect(applied).toMatchObject([{ changed: 25 }, { changed: 25 }])
    expect(events.slice(0, 3)).toMatchObject([
      { kind: 'started', attempt: 2 },
      { kind: 'progress', changed: 20 },
      { kind: 'progress', changed: 25 },
    ])
    expect(await records()).toMatchObject([{ status: 'applied', attempts: 2, error: null }, { status: 'applied' }])
    expect(await users.countDocuments({ x: 1, y: 2 })).toBe(25)
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('survives the loss of the database at write %i', async (at) => {
    const { manager, users, store, failOn } = await setUp(25)
    const migrations = () =>
      manager()
        .add(new AddField('users', 'x', { default: 1 }))
        .add(new RemoveField('users', 'n'))
    let writes = 0
    failOn(({ operation }) => operation === 'write' && ++writes >= at)
    await expect(migrations().apply()).rejects.toThrow()
    failOn()
    await store.collection('_migrations_lock').deleteMany({})
    await migrations().apply()
    expect(await users.countDocuments({ x: 1, n: { $exists: false } })).toBe(25)
    expect(await migrations().status()).toMatchObject([
      { status: 'applied', record: { changed: expect.any(Number) } },
      { status: 'applied' },
    ])
  })

  it('goes on where it was asked to stop', async () => {
    const { manager, users, records, events } = await setUp(25)
    const stop = new AbortController()
    const stopping = manager().add(new AddField('users', 'x', { default: 1 }))
    events.push = (event) => {
      if (event.kind === 'progress') stop.abort()
      return 0
    }
    await expect(stopping.apply({ signal: stop.signal })).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_012' })
    expect(await records()).toMatchObject([{ status: 'interrupted', changed: 10 }])
    expect(await users.countDocuments({ x: 1 })).toBe(10)
    await manager()
      .add(new AddField('users', 'x', { default: 1 }))
      .apply()
    expect(await users.countDocuments({ x: 1 })).toBe(25)
  })

  it('sends nothing when it is stopped before it begins', async () => {
    const { manager, calls } = await setUp()
    calls.length = 0
    const signal = AbortSignal.abort()
    await expect(
      manager()
        .add(new RunScript('x', async () => {}))
        .apply({ signal }),
    ).rejects.toThrow()
    expect(calls).toEqual([])
  })

  it('keeps the histories of two databases in one store apart', async () => {
    const { store } = await setUp()
    const ran: string[] = []
    for (const dbName of ['one', 'two'])
      await new MigrationManager({ store, dbName }).add(new RunScript('x', async () => void ran.push(dbName))).apply()
    expect(ran).toEqual(['one', 'two'])
  })

  it('ignores neither a script that fails nor one that lies about progress', async () => {
    const { manager, records } = await setUp()
    const lies = manager().add(new RunScript('lies', ({ progress }) => progress(-1)))
    await expect(lies.apply()).rejects.toMatchObject({ cause: { code: 'LEX_ERR_USE_001' } })
    expect(await records()).toMatchObject([
      { status: 'failed', error: { name: 'UsageError', code: 'LEX_ERR_USE_001' } },
    ])
  })
})

describe('MigrationManager.dryRun', () => {
  it('says what would be done without a write', async () => {
    const { manager, calls, store } = await setUp(25)
    calls.length = 0
    const migrations = manager()
      .add(new CreateIndex('users', 'n'))
      .add(new AddField('users', 'x', { default: 1 }))
      .add(new RemoveField('users', 'n'))
      .add(new RunScript('tidy', async () => {}))
    expect(await migrations.dryRun()).toEqual([
      { id: '0001_create_index_users_n_1', description: 'CreateIndex users n_1', estimate: 1, reversible: true },
      { id: '0002_add_field_users_x', description: 'AddField users x', estimate: 25, reversible: true },
      { id: '0003_remove_field_users_n', description: 'RemoveField users n', estimate: 25, reversible: false },
      { id: '0004_run_script_tidy', description: 'RunScript tidy', reversible: false },
    ])
    expect(calls.filter(({ operation }) => operation === 'write' || operation.endsWith('Index'))).toEqual([])
    expect(await store.listCollections()).toEqual(['users'])
  })
})

describe('a history that does not fit the list', () => {
  const script = (name: string, version = 1) => new RunScript(name, async () => {}, { version })
  const drift = { code: 'LEX_ERR_NOSQL_012' }

  it('is refused when an applied migration was edited, removed, moved or preceded by a new one', async () => {
    const { manager } = await setUp()
    await manager().add(script('a')).add(script('b')).apply()
    await expect(manager().add(script('a', 2)).add(script('b')).apply()).rejects.toThrow(/was edited/)
    await expect(manager().add(script('b')).apply()).rejects.toMatchObject(drift)
    await expect(manager().add(script('b')).add(script('a')).pending()).rejects.toMatchObject(drift)
    await expect(manager().add(script('new')).add(script('a')).add(script('b')).dryRun()).rejects.toMatchObject(drift)
    const named = manager().add(script('z'), { id: 'z' }).add(script('a')).add(script('b'))
    await expect(named.apply()).rejects.toMatchObject(drift)
  })

  it('is left alone where it is of a newer program', async () => {
    const { manager } = await setUp()
    await manager().add(script('a')).add(script('b')).apply()
    const older = manager().add(script('a'))
    expect(await older.apply()).toEqual([])
    expect(await older.status()).toMatchObject([{ status: 'applied' }, { id: '0002_run_script_b', status: 'unknown' }])
  })

  it('refuses an id that is not unique or malformed', async () => {
    const { manager } = await setUp()
    const usage = { code: 'LEX_ERR_USE_001' }
    expect(() => manager().add(script('a'), { id: 'x' }).add(script('b'), { id: 'x' })).toThrow(
      expect.objectContaining(usage),
    )
    expect(() => manager().add(script('a'), { id: 'x/y' })).toThrow(expect.objectContaining(usage))
    const clash = manager().add(script('a')).add(script('b'), { id: '0001_run_script_a' })
    await expect(clash.apply()).rejects.toMatchObject(usage)
  })
})
