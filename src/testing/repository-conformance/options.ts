import { assertFails, untyped } from '../assert.ts'
import { assertEqual, entry, ids, topic } from './conformance-case.ts'

export const versionCases = topic('versions', {
  'an entity without a version is new, and its id is taken once': async (storage) => {
    const repository = storage.repository({ version: true })
    assertEqual(await repository.save(entry('a')), entry('a', { version: 1 }), 'what was saved')
    await assertFails(repository.save(entry('a', { rank: 2 })), 'LEX_ERR_DB_005', 'a second new one')
  },
  'a save over the change of another writer is refused': async (storage) => {
    const repository = storage.repository({ version: true })
    const read = await repository.save(entry('a'))
    const first = await repository.save({ ...read, rank: 1 })
    assertEqual([first.version, first.rank], [2, 1], 'the first writer')
    await assertFails(repository.save({ ...read, rank: 2 }), 'LEX_ERR_DB_015', 'the second writer')
    const rivals = await Promise.allSettled(
      Array.from({ length: 5 }, (_, i) => repository.save({ ...first, rank: 10 + i })),
    )
    assertEqual(rivals.filter(({ status }) => status === 'fulfilled').length, 1, 'writers that won')
    await repository.delete('a')
    await assertFails(repository.save(first), 'LEX_ERR_DB_015', 'a save of what is deleted')
  },
  'delete takes the version that was read': async (storage) => {
    const repository = storage.repository({ version: true })
    const read = await repository.save(entry('a'))
    const changed = await repository.save({ ...read, rank: 1 })
    await assertFails(repository.delete('a', { version: 1 }), 'LEX_ERR_DB_015', 'another version')
    assertEqual(await repository.delete('a', { version: changed.version ?? 0 }), true, 'its version')
    await assertFails(repository.delete('a', { version: 2 }), 'LEX_ERR_DB_015', 'what is not there')
  },
  'soft deletion and restoration raise the version': async (storage) => {
    const repository = storage.repository({ version: true, softDelete: true })
    const read = await repository.save(entry('a'))
    await repository.delete('a')
    await repository.restore('a')
    assertEqual((await repository.find('a'))?.version, 3, 'version')
    await assertFails(repository.save(read), 'LEX_ERR_DB_015', 'a save of what was read before')
  },
  'a version that is not a whole number is refused': async (storage) => {
    const repository = storage.repository({ version: true })
    const read = await repository.save(entry('a'))
    for (const version of [1.5, NaN, Infinity, '1', true]) {
      const codes = await Promise.allSettled([
        (async () => repository.save({ ...read, version: untyped(version) }))(),
        (async () => repository.saveMany([{ ...read, version: untyped(version) }]))(),
        (async () => repository.delete('a', { version: untyped(version) }))(),
      ])
      const isStale = codes.map((each) => each.status === 'fulfilled' || each.reason?.code === 'LEX_ERR_DB_015')
      assertEqual(isStale, [false, false, false], `what was said to be another writer, of ${String(version)}`)
    }
  },
  'saveMany refuses an old version': async (storage) => {
    const repository = storage.repository({ version: true })
    const [a, b] = await repository.saveMany([entry('a'), entry('b')])
    await repository.save({ ...(b ?? entry('b')), rank: 1 })
    const old = [a ?? entry('a'), b ?? entry('b')]
    await assertFails(repository.saveMany(old), 'LEX_ERR_DB_015', 'an old version')
  },
  'an expected version needs a repository that counts them': async (storage) => {
    const repository = storage.repository({})
    await repository.save(entry('a'))
    await assertFails(() => repository.delete('a', { version: 1 }), 'LEX_ERR_USE_001', 'a version')
  },
})

export const timestampCases = topic('timestamps', {
  'the first save sets both, a later one the second': async (storage) => {
    let now = 1_000
    const repository = storage.repository({ timestamps: { clock: () => now }, softDelete: true })
    const stored = await repository.save(entry('a'))
    assertEqual([stored.createdAt, stored.updatedAt], [new Date(1_000), new Date(1_000)], 'of a new entry')
    now = 2_000
    const changed = await repository.save({ ...stored, rank: 1 })
    assertEqual([changed.createdAt, changed.updatedAt], [new Date(1_000), new Date(2_000)], 'of a changed entry')
    now = 3_000
    await repository.delete('a')
    await repository.restore('a')
    assertEqual((await repository.find('a'))?.updatedAt, new Date(3_000), 'of a restored entry')
  },
})

export const tenantCases = topic('tenants', {
  'see and change their own only': async (storage) => {
    const [north, south] = ['north', 'south'].map((id) => storage.repository({ tenant: () => id }))
    if (north === undefined || south === undefined) throw new Error('there are two tenants')
    await north.saveMany([entry('a'), entry('b')])
    await south.save(entry('c'))
    assertEqual(ids(await north.list({ sort: [['id', 'asc']] })), ['a', 'b'], 'list')
    assertEqual([await south.find('a'), await south.exists('a'), await south.count()], [null, false, 1], 'reads')
    assertEqual([await south.delete('a'), await south.deleteMany(['a', 'b', 'c'])], [false, 1], 'deletions')
    await assertFails(south.save(entry('a', { rank: 9 })), 'LEX_ERR_DB_005', 'a save over an entry of another tenant')
    assertEqual((await north.find('a'))?.rank, null, 'what the other tenant stored')
    const { next } = await north.page({ limit: 1 })
    await assertFails(south.page({ limit: 1, after: next }), 'LEX_ERR_DOM_001', 'a cursor of another tenant')
  },
  'without a tenant every call fails': async (storage) => {
    const repository = storage.repository({ tenant: () => undefined })
    const calls = await Promise.allSettled([
      Promise.resolve().then(() => repository.find('a')),
      Promise.resolve().then(() => repository.list()),
      Promise.resolve().then(() => repository.count()),
      Promise.resolve().then(() => repository.save(entry('a'))),
      Promise.resolve().then(() => repository.deleteMany(['a'])),
    ])
    assertEqual(
      calls.map(({ status }) => status),
      calls.map(() => 'rejected'),
      'calls',
    )
  },
})
