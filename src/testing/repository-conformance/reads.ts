import { isLexigramError } from '../../core/errors.ts'
import type { Page } from '../../core/repository/options.ts'
import type { Repository } from '../../core/repository/repository.ts'
import { fieldEq, fieldGt } from '../../core/specification/field.ts'
import { assertFails, untyped } from '../assert.ts'
import { assertEqual, entry, ids, topic, type Entry } from './conformance-case.ts'

const ranks = [3, null, 1, 3, null, 2, 3]

async function seed(repository: Repository<Entry>): Promise<void> {
  await repository.saveMany(ranks.map((rank, i) => entry(`e${i}`, { rank, done: i % 2 === 1 })))
}

async function readPages(
  repository: Repository<Entry>,
  options: Parameters<Repository<Entry>['page']>[0],
): Promise<readonly (readonly string[])[]> {
  const pages: (readonly string[])[] = []
  let after: string | null = null
  do {
    const page: Page<Entry> = await repository.page({ ...options, after })
    pages.push(ids(page.items))
    after = page.next
  } while (after !== null)
  return pages
}

export const readCases = topic('reads', {
  'find returns an entity or null, get a result': async (storage) => {
    const repository = storage.repository({})
    const stored = await repository.save(entry('a', { rank: 1.5, at: new Date(1234) }))
    assertEqual(stored, entry('a', { rank: 1.5, at: new Date(1234) }), 'what save returned')
    assertEqual(await repository.find('a'), stored, 'find')
    assertEqual(await repository.find('b'), null, 'find of another id')
    assertEqual(await repository.get('a'), { ok: true, value: stored }, 'get')
    const missing = await repository.get('b')
    const code = !missing.ok && isLexigramError(missing.error) ? missing.error.code : undefined
    assertEqual(code, 'LEX_ERR_DOM_002', 'the error of get')
    assertEqual([await repository.exists('a'), await repository.exists('b')], [true, false], 'exists')
  },
  'an id that is not a scalar is refused': async (storage) => {
    const repository = storage.repository({})
    await repository.save(entry('a'))
    for (const id of [{ $ne: null }, ['a'], /a/, null, undefined].map(untyped)) {
      const answers = await Promise.allSettled([
        repository.find(id),
        repository.exists(id),
        repository.delete(id),
        repository.deleteMany([id]),
      ])
      const done = answers.map(({ status }) => status)
      assertEqual(done, ['rejected', 'rejected', 'rejected', 'rejected'], 'an id of another type')
    }
    assertEqual(await repository.count(), 1, 'entries')
  },
  'a limit of 0 returns nothing': async (storage) => {
    const repository = storage.repository({})
    await seed(repository)
    const all = fieldEq<Entry>('done', false)
    assertEqual([await repository.list({ limit: 0 }), await repository.findBySpec(all, { limit: 0 })], [[], []], 'none')
  },
  'a number that cannot limit is refused': async (storage) => {
    const repository = storage.repository({})
    await seed(repository)
    const all = fieldEq<Entry>('done', false)
    for (const wrong of [-1, 1.5, NaN, Infinity, '2', null, 2n]) {
      for (const options of [{ limit: untyped(wrong) }, { skip: untyped(wrong) }]) {
        await assertFails(() => repository.list(options), 'LEX_ERR_USE_001', `list by ${String(wrong)}`)
        await assertFails(
          () => repository.findBySpec(all, options),
          'LEX_ERR_USE_001',
          `findBySpec by ${String(wrong)}`,
        )
      }
    }
    for (const limit of [0, -1, 1.5, NaN, Infinity, untyped('2'), untyped(null)]) {
      await assertFails(() => repository.page({ limit }), 'LEX_ERR_USE_001', `page by ${String(limit)}`)
      const stream = async () => {
        for await (const each of repository.stream({ limit })) assertEqual(each, undefined, 'what is streamed')
      }
      await assertFails(stream, 'LEX_ERR_USE_001', `stream by ${String(limit)}`)
    }
  },
  'a list is sorted by fields of the entity, its key included': async (storage) => {
    const repository = storage.repository({})
    await seed(repository)
    const byKey = await repository.list({ sort: [['id', 'desc']], limit: 2 })
    assertEqual(ids(byKey), ['e6', 'e5'], 'by id, descending')
    const sort = [
      ['rank', 'desc'],
      ['id', 'asc'],
    ] as const
    assertEqual(ids(await repository.list({ sort, skip: 1, limit: 3 })), ['e3', 'e6', 'e5'], 'by two fields')
  },
  'entities without a value come first ascending and last descending': async (storage) => {
    const repository = storage.repository({})
    await seed(repository)
    const sorted = (direction: 'asc' | 'desc') =>
      repository.list({
        sort: [
          ['rank', direction],
          ['id', 'asc'],
        ],
      })
    assertEqual(ids(await sorted('asc')), ['e1', 'e4', 'e2', 'e5', 'e0', 'e3', 'e6'], 'ascending')
    assertEqual(ids(await sorted('desc')), ['e0', 'e3', 'e6', 'e5', 'e2', 'e1', 'e4'], 'descending')
  },
  'a list has 100 entities unless limit says otherwise': async (storage) => {
    const repository = storage.repository({})
    await repository.saveMany(Array.from({ length: 103 }, (_, i) => entry(`e${String(i).padStart(3, '0')}`)))
    assertEqual((await repository.list()).length, 100, 'without limit')
    assertEqual((await repository.list({ limit: 102 })).length, 102, 'with a limit')
    assertEqual((await repository.list(untyped({ limit: undefined }))).length, 100, 'with an absent limit')
    assertEqual((await repository.findBySpec(fieldEq<Entry>('done', false))).length, 103, 'of findBySpec')
  },
  'count and findBySpec agree on a specification': async (storage) => {
    const repository = storage.repository({})
    await seed(repository)
    const high = fieldGt<Entry>('rank', 1)
    assertEqual(
      ids(await repository.findBySpec(high, { sort: [['id', 'asc']] })),
      ['e0', 'e3', 'e5', 'e6'],
      'findBySpec',
    )
    assertEqual([await repository.count(high), await repository.count()], [4, 7], 'count')
    const byKey = await repository.findBySpec(fieldEq<Entry>('id', 'e4'))
    assertEqual(ids(byKey), ['e4'], 'a specification on the key')
  },
  'pages neither repeat nor miss an entity, in every order': async (storage) => {
    const repository = storage.repository({})
    await seed(repository)
    const up = [['e1', 'e4'], ['e2', 'e5'], ['e0', 'e3'], ['e6']]
    assertEqual(await readPages(repository, { sort: [['rank', 'asc']], limit: 2 }), up, 'ascending')
    const down = [['e0', 'e3', 'e6'], ['e5', 'e2', 'e1'], ['e4']]
    assertEqual(await readPages(repository, { sort: [['rank', 'desc']], limit: 3 }), down, 'descending')
    const where = fieldEq<Entry>('done', true)
    assertEqual(await readPages(repository, { where, limit: 2 }), [['e1', 'e3'], ['e5']], 'of a specification')
    assertEqual((await repository.page({ limit: 7 })).next, null, 'after the last')
  },
  'a cursor of another order, or of nothing, is refused': async (storage) => {
    const repository = storage.repository({})
    await seed(repository)
    const { next } = await repository.page({ sort: [['rank', 'asc']], limit: 2 })
    const refused = (after: string | null, what: string) =>
      assertFails(repository.page({ sort: [['rank', 'desc']], after }), 'LEX_ERR_DOM_001', what)
    await refused(next, 'another order')
    await refused('nonsense', 'no cursor')
    await refused(`${next}x`, 'a changed cursor')
  },
  'a stream reads all in order': async (storage) => {
    const repository = storage.repository({})
    await seed(repository)
    const read: string[] = []
    for await (const { id } of repository.stream({ sort: [['id', 'desc']], limit: 3 })) read.push(id)
    assertEqual(read, ['e6', 'e5', 'e4', 'e3', 'e2', 'e1', 'e0'], 'the stream')
    const some: string[] = []
    for await (const { id } of repository.stream({ where: fieldEq<Entry>('done', true) })) some.push(id)
    assertEqual(some, ['e1', 'e3', 'e5'], 'the stream of a specification')
  },
})
