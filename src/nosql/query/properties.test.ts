import { compareText } from '../../core/compare-text.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DocumentValidationError, NoSQLFilterError } from '../errors.ts'
import { compareValues, equalValues, identicalValues } from './compare.ts'
import { parseFilter } from './filter/parse-filter.ts'
import { compileFilter } from './filter/compile-filter.ts'
import { compileProjection } from './projection/compile-projection.ts'
import { parseProjection } from './projection/parse-projection.ts'
import { compareSortValues, compileSortValues, parseSort, sortDocuments } from './sort.ts'
import { toStorable } from './storable.ts'
import { applyUpdate } from './update/apply-update.ts'
import { parseUpdate } from './update/parse-update.ts'
import { copyValue, type Document, type Value } from './value.ts'

const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.constantFrom('', 'a', 'b', 'ab', '\u{1f600}', '\u{ff61}'),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ maxLength: 3 }).map((bytes) => new Uint8Array(bytes)),
)

const fieldName = fc.constantFrom('a', 'b', 'c', 'constructor', 'toString')

const { value: anyValue, document: anyDocument } = fc.letrec<{ value: Value; document: Document }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('value'), { maxLength: 3 }), tie('document')),
  document: fc.dictionary(fieldName, tie('value'), { maxKeys: 3, noNullPrototype: true }),
}))

const path = fc.constantFrom('a', 'b', 'c', 'a.a', 'a.b', 'b.0', 'a.b.c')

const anyUpdate: fc.Arbitrary<Document> = fc.oneof(
  fc.record({ $set: fc.dictionary(path, anyValue, { minKeys: 1, maxKeys: 2, noNullPrototype: true }) }),
  fc.record({ $unset: fc.dictionary(path, fc.constant(''), { minKeys: 1, maxKeys: 2, noNullPrototype: true }) }),
  ...['$inc', '$mul'].map((name) => fc.tuple(path, fc.integer()).map(([at, by]) => ({ [name]: { [at]: by } }))),
  ...['$min', '$max', '$push', '$addToSet', '$pull'].map((name) =>
    fc.tuple(path, scalar).map(([at, by]) => ({ [name]: { [at]: by } })),
  ),
  fc.tuple(path, path).map(([from, to]) => ({ $rename: { [from]: to } })),
  path.map((at) => ({ $pop: { [at]: 1 } })),
)

const sign = (a: Value, b: Value): number => Math.sign(compareValues(a, b))

describe('the order of values', () => {
  it('is total', () => {
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, (a, b, c) => {
        expect(sign(a, a)).toBe(0)
        expect(sign(a, b) + sign(b, a)).toBe(0)
        if (sign(a, b) <= 0 && sign(b, c) <= 0) expect(sign(a, c)).toBeLessThanOrEqual(0)
      }),
      { numRuns: 3000 },
    )
  })

  it('agrees with equality', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        expect(equalValues(a, b)).toBe(sign(a, b) === 0)
        expect(identicalValues(a, copyValue(a))).toBe(true)
        if (identicalValues(a, b)) expect(equalValues(a, b)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  it('is that of the UTF-8 bytes for strings', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\u{7ff}', '\u{ff61}', '\u{1f600}'), maxLength: 4 })
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('filters', () => {
  it('find a document by each of its values', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        for (const [field, value] of Object.entries(document)) {
          expect(compileFilter(parseFilter({ [field]: { $eq: value } }))(document)).toBe(true)
          expect(compileFilter(parseFilter({ [field]: { $ne: value } }))(document)).toBe(false)
          expect(compileFilter(parseFilter({ [field]: { $in: [value] } }))(document)).toBe(true)
          expect(compileFilter(parseFilter({ [field]: { $gte: value, $lte: value } }))(document)).toBe(true)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('sorting', () => {
  it('is the stable order of the comparator', () => {
    fc.assert(
      fc.property(fc.array(anyDocument, { maxLength: 6 }), path, (documents, key) => {
        const keys = parseSort({ [key]: -1 })
        expect(sortDocuments(documents, keys)).toEqual(
          [...documents].sort((a, b) =>
            compareSortValues(keys)(compileSortValues(keys)(a), compileSortValues(keys)(b)),
          ),
        )
      }),
      { numRuns: 500 },
    )
  })
})

describe('updates', () => {
  it('say truly whether a document changed', () => {
    fc.assert(
      fc.property(anyDocument, anyUpdate, (given, update) => {
        const document = toStorable({ ...given, _id: 1 })
        const before = copyValue(document)
        const outcome = attempt(() => applyUpdate(parseUpdate(update), document, { now: new Date(0) }))
        expect(identicalValues(document, before)).toBe(true)
        if (outcome === undefined) return
        expect(outcome.modified).toBe(!identicalValues(outcome.document, before))
        expect(identicalValues(toStorable(outcome.document, { maxDepth: 64 }), outcome.document)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  it('updates with $set make the document match what was set', () => {
    fc.assert(
      fc.property(anyDocument, fc.constantFrom('a', 'b', 'toString'), anyValue, (given, field, value) => {
        const { document } = applyUpdate(parseUpdate({ $set: { [field]: value } }), given, { now: new Date(0) })
        expect(compileFilter(parseFilter({ [field]: { $eq: value } }))(document)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('projections', () => {
  it('projections that include and that exclude the same fields share out the document', () => {
    const fields = { a: 1, 'b.c': 1, toString: 1 }
    const excluded = { a: 0, 'b.c': 0, toString: 0 }
    fc.assert(
      fc.property(anyDocument, (document) => {
        const before = copyValue(document)
        const kept = compileProjection(parseProjection(fields))(document)
        const rest = compileProjection(parseProjection(excluded))(document)
        expect(identicalValues(document, before)).toBe(true)
        expect(Object.keys(kept).every((name) => ['a', 'b', 'toString'].includes(name))).toBe(true)
        expect(Object.keys(rest)).toEqual(Object.keys(document).filter((name) => !['a', 'toString'].includes(name)))
      }),
      { numRuns: 1000 },
    )
  })
})

/** The result of the work, or undefined when the update does not fit the document. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof NoSQLFilterError || error instanceof DocumentValidationError) return undefined
    throw error
  }
}
