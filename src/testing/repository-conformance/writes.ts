import { isLexigramError } from '../../core/errors.ts'
import { assertFails, untyped } from '../assert.ts'
import { assertEqual, entry, ids, topic } from './conformance-case.ts'

export const writeCases = topic('writes', {
  'save stores what is new and what has changed': async (storage) => {
    const repository = storage.repository({})
    await repository.save(entry('a', { rank: 1 }))
    assertEqual(await repository.save(entry('a', { rank: 2 })), entry('a', { rank: 2 }), 'what was saved')
    assertEqual(await repository.count(), 1, 'entries')
  },
  'saveMany returns what is stored, in order': async (storage) => {
    const repository = storage.repository({})
    await repository.save(entry('b', { rank: 1 }))
    const stored = await repository.saveMany([entry('c'), entry('b', { rank: 5 }), entry('a')])
    assertEqual(stored, [entry('c'), entry('b', { rank: 5 }), entry('a')], 'what was saved')
    assertEqual(await repository.saveMany([]), [], 'of no entities')
    assertEqual(await repository.count(), 3, 'entries')
  },
  'delete says whether there was one': async (storage) => {
    const repository = storage.repository({})
    await repository.saveMany([entry('a'), entry('b'), entry('c')])
    assertEqual([await repository.delete('a'), await repository.delete('a')], [true, false], 'delete')
    assertEqual(await repository.deleteMany(['a', 'b', 'c', 'd']), 2, 'deleteMany')
    assertEqual(await repository.deleteMany([]), 0, 'deleteMany of no ids')
    assertEqual(await repository.count(), 0, 'entries')
    await assertFails(() => repository.restore('a'), 'LEX_ERR_USE_001', 'restore without soft deletion')
  },
  'saveMany returns an entity that it has twice as it is stored in the end': async (storage) => {
    const repository = storage.repository({})
    const last = entry('a', { rank: 2 })
    assertEqual(await repository.saveMany([entry('a'), entry('b'), last]), [last, entry('b'), last], 'what was saved')
    assertEqual(await repository.find('a'), last, 'what is stored')
  },
  'an entity must be an object': async (storage) => {
    const repository = storage.repository({})
    for (const wrong of [null, undefined, 'a', 5, []]) {
      await assertFails(() => repository.save(untyped(wrong)), 'LEX_ERR_USE_001', 'save')
      await assertFails(() => repository.saveMany([entry('a'), untyped(wrong)]), 'LEX_ERR_USE_001', 'saveMany')
    }
    assertEqual(await repository.count(), 0, 'entries')
  },
  'a wrong argument is refused by a typed error': async (storage) => {
    const repository = storage.repository({})
    const refused = async (work: () => Promise<unknown>, what: string) => {
      const outcome = await Promise.resolve()
        .then(work)
        .then(
          () => 'done',
          (error: unknown) => (isLexigramError(error) ? 'refused' : error),
        )
      assertEqual(outcome, 'refused', what)
    }
    await refused(() => repository.saveMany(untyped(entry('a'))), 'saveMany of one entity')
    await refused(() => repository.list(untyped({ sorted: [] })), 'an unknown option')
    await refused(() => repository.list(untyped({ sort: [['rank', 'up']] })), 'an unknown direction')
    await refused(() => repository.findBySpec(untyped('a')), 'text for a specification')
    await refused(() => repository.page(untyped({ where: 'a' })), 'text for where')
    await refused(() => repository.deleteMany(untyped('a')), 'text for a list of ids')
    assertEqual(await repository.count(), 0, 'entries')
  },
})

export const softDeleteCases = topic('soft deletion', {
  'hides the deleted on every path, and restores them': async (storage) => {
    const repository = storage.repository({ softDelete: true })
    await repository.saveMany([entry('a'), entry('b')])
    assertEqual([await repository.delete('a'), await repository.delete('a')], [true, false], 'delete')
    assertEqual(
      [await repository.find('a'), await repository.exists('a'), await repository.count()],
      [null, false, 1],
      'find, exists and count',
    )
    assertEqual(ids(await repository.list()), ['b'], 'list')
    assertEqual(ids((await repository.page()).items), ['b'], 'page')
    const all = { includeDeleted: true }
    assertEqual(await repository.find('a', all), entry('a'), 'find of all')
    assertEqual([await repository.exists('a', all), await repository.count(undefined, all)], [true, 2], 'count of all')
    assertEqual(ids(await repository.list({ ...all, sort: [['id', 'asc']] })), ['a', 'b'], 'list of all')
    assertEqual([await repository.restore('a'), await repository.restore('a')], [true, false], 'restore')
    assertEqual(await repository.count(), 2, 'entries')
  },
  'a deleted id cannot be saved over': async (storage) => {
    const repository = storage.repository({ softDelete: true })
    await repository.save(entry('a', { rank: 1 }))
    await repository.delete('a')
    await assertFails(repository.save(entry('a', { rank: 2 })), 'LEX_ERR_DB_005', 'a save over a deleted entry')
    await repository.restore('a')
    assertEqual((await repository.find('a'))?.rank, 1, 'rank')
  },
  'hard removes for good, also what is marked': async (storage) => {
    const repository = storage.repository({ softDelete: true })
    await repository.saveMany([entry('a'), entry('b'), entry('c')])
    await repository.delete('a')
    assertEqual(await repository.delete('a', { hard: true }), true, 'a marked one')
    assertEqual(await repository.deleteMany(['b'], { hard: true }), 1, 'one that is not')
    assertEqual(await repository.count(undefined, { includeDeleted: true }), 1, 'entries')
  },
  'a cursor over the living is not one over all': async (storage) => {
    const repository = storage.repository({ softDelete: true })
    await repository.saveMany([entry('a'), entry('b'), entry('c')])
    const { next } = await repository.page({ limit: 1 })
    const work = repository.page({ limit: 1, includeDeleted: true, after: next })
    await assertFails(work, 'LEX_ERR_DOM_001', 'another visibility')
  },
})
