import { and, not, or, toSpecification } from '../../core/specification/combine.ts'
import {
  fieldContains,
  fieldEq,
  fieldExists,
  fieldGt,
  fieldIn,
  fieldLte,
  fieldNe,
  fieldStartsWith,
} from '../../core/specification/field.ts'
import { isSatisfiedBy } from '../../core/specification/satisfies.ts'
import type { Specification } from '../../core/specification/specification.ts'
import { assertFails } from '../assert.ts'
import { assertEqual, entry, ids, topic, type Entry } from './conformance-case.ts'

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const entries: readonly Entry[] = Array.from({ length: 24 }, (_, i) =>
  entry(`e${i}`, {
    title: ['', 'a', 'ab', 'b%', '_', "it's", 'Ünï', '😀'][i % 8] ?? '',
    done: i % 3 === 0,
    rank: [null, -1, 0, 1.5, 3][i % 5] ?? null,
    at: new Date((i % 4) * 86_400_000),
  }),
)

function specificationFrom(random: () => number, depth = 0): Specification<Entry> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T // no list is empty
  if (depth < 3 && random() < 0.5) {
    const operand = () => specificationFrom(random, depth + 1)
    return pick([() => and(operand(), operand()), () => or(operand(), operand()), () => not(operand())])()
  }
  const rank = pick([null, -1, 0, 1, 1.5, 3])
  const text = pick(['', 'a', 'ab', '%', '_', "'", 'ï', '😀', 'zz'])
  const day = new Date(pick([0, 1, 2, 5]) * 86_400_000)
  return pick<() => Specification<Entry>>([
    () => fieldEq<Entry>('rank', rank),
    () => fieldNe<Entry>('rank', rank),
    () => fieldGt<Entry>('rank', rank ?? 0),
    () => fieldLte<Entry>('rank', rank ?? 0),
    () => fieldIn<Entry>('rank', [rank, 1.5]),
    // Of `rank`, SQL cannot distinguish null from missing.
    () => fieldExists<Entry>('title', random() < 0.5),
    () => fieldContains<Entry>('title', text),
    () => fieldStartsWith<Entry>('title', text),
    () => fieldGt<Entry>('title', text),
    () => fieldEq<Entry>('done', random() < 0.5),
    () => fieldLte<Entry>('at', day),
    () => fieldIn<Entry>('id', ['e1', 'e5', `e${Math.floor(random() * 24)}`]),
  ])()
}

export const specificationCases = topic('specifications', {
  'select what they select in memory, 200 at random': async (storage) => {
    const repository = storage.repository({})
    await repository.saveMany(entries)
    const random = randomFrom(20_261_128)
    for (let i = 0; i < 200; i++) {
      const specification = specificationFrom(random)
      const expected = entries.filter((each) => isSatisfiedBy(specification, each)).map(({ id }) => id)
      const found = ids(await repository.findBySpec(specification))
      assertEqual(found.toSorted(), expected.toSorted(), `specification ${i}: ${JSON.stringify(specification)}`)
    }
  },
  'are made by their functions: plain data is refused, until toSpecification has made it one': async (storage) => {
    const repository = storage.repository({})
    await repository.saveMany(entries)
    const [first] = entries
    const data = structuredClone({ ...fieldEq<Entry>('id', first?.id ?? '') })
    const given = data as Specification<Entry> // as a program in JavaScript may pass it
    await assertFails(() => repository.findBySpec(given), 'LEX_ERR_USE_001', 'findBySpec of plain data')
    assertEqual(ids(await repository.findBySpec(toSpecification<Entry>(data))), [first?.id], 'the one of this id')
  },
})
