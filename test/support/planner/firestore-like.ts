/** Like Firestore: cannot ask for a missing field, finds array elements by `array-contains`, and counts disjunctions. */

import { chooseAccess, sorterOf } from '../../../src/nosql/plan/choose-access.ts'
import { pushAll } from '../../../src/nosql/plan/chunks.ts'
import { conjuncts } from '../../../src/nosql/plan/conjuncts.ts'
import type { Dialect } from '../../../src/nosql/plan/dialect.ts'
import type { Facts } from '../../../src/nosql/plan/facts.ts'
import { withImplied } from '../../../src/nosql/plan/implied.ts'
import { prefixInterval, sideOf } from '../../../src/nosql/plan/intervals.ts'
import { chainPages, mergePages } from '../../../src/nosql/plan/merge.ts'
import { neededPaths } from '../../../src/nosql/plan/needs.ts'
import { isAfter, skipAndLimit } from '../../../src/nosql/plan/pages.ts'
import { readClaims, type ReadQuestion } from '../../../src/nosql/plan/read-plan.ts'
import { equalValues } from '../../../src/nosql/query/compare.ts'
import type { FieldNode } from '../../../src/nosql/query/filter-node.ts'
import { arrayIndex } from '../../../src/nosql/query/path.ts'
import { type SortKey, sortDocuments } from '../../../src/nosql/query/sort.ts'
import { type Document, isArray, type Value } from '../../../src/nosql/query/value.ts'
import { nativeOrder, sameNative, valueAt } from './native-values.ts'
import { type Data, entriesOf, pagesOf, type SimulatedBackend } from './simulated-backend.ts'

type Native = (document: Document) => boolean

const isKind = (value: Value): boolean => value !== null && !isArray(value)
const isPlain = (value: Value): boolean => isKind(value) && (typeof value !== 'object' || value instanceof Date)

const dialect: Dialect<Native> = {
  limits: { disjunctions: 6, scarce: 1, queries: 20 },
  test(node, facts) {
    const { test, parts } = node
    // A path through arrays of objects cannot be asked for at all.
    if (parts.some((part) => arrayIndex(part) !== undefined) || (parts.length > 1 && !facts.scalar)) return undefined
    switch (test.kind) {
      case 'compare':
        return test.operator === 'eq' ? equality(node, [test.value], facts) : range(node, facts)
      case 'in':
        return test.patterns.length > 0 || test.values.length === 0 ? undefined : equality(node, test.values, facts)
      case 'exists':
        return { native: (document) => valueAt(document, parts) !== undefined, exactness: 'exact', disjunctions: 2 }
      case 'regex': {
        const { prefix = '' } = test.pattern
        if (prefix === '' || !facts.scalar) return undefined
        const interval = prefixInterval(prefix)
        return { native: (document) => sideOf(valueAt(document, parts), interval) === 0, exactness: 'superset' }
      }
      default:
        return undefined
    }
  },
  and: (parts) => (document) => parts.every((part) => part(document)),
  or: (parts) => (document) => parts.some((part) => part(document)),
}

function equality({ parts }: FieldNode, values: readonly Value[], facts: { scalar: boolean; present: boolean }) {
  if (!values.every((value) => isKind(value) || (value === null && facts.scalar && facts.present))) return undefined
  const has = (value: Value | undefined): boolean => values.some((each) => sameNative(value, each))
  const exactness = values.every((value) => value === null || isPlain(value) || value instanceof Uint8Array)
    ? ('exact' as const)
    : ('superset' as const)
  if (facts.scalar) {
    return { native: (document: Document) => has(valueAt(document, parts)), exactness, disjunctions: values.length }
  }
  return {
    native: (document: Document) => {
      const value = valueAt(document, parts)
      return has(value) || (isArray(value) && value.some(has))
    },
    exactness,
    disjunctions: 2 * values.length,
    scarce: 1,
  }
}

function range({ parts, test }: FieldNode, { scalar }: { scalar: boolean }) {
  if (test.kind !== 'compare' || !scalar || !isPlain(test.value)) return undefined
  const { operator, value } = test
  return {
    native: (document: Document) => {
      const order = nativeOrder(valueAt(document, parts), value)
      if (order === undefined) return false
      return order === 0 ? operator.endsWith('e') : order > 0 === operator.startsWith('g')
    },
    exactness: 'exact' as const,
  }
}

/** An order by a field drops documents without it, and has its own order of types. */
function isNativeSort(sort: readonly SortKey[], facts: Facts): boolean {
  return sort.every(({ path }) => path === '_id' || (facts(path).present && facts(path).type !== undefined))
}

export const firestoreLike: SimulatedBackend = {
  name: 'like Firestore',
  plan: (question, data) => {
    const access = chooseAccess(question, { indexes: [], facts: data.facts })
    return access.kind === 'get' || access.kind === 'none' ? byId(question, data) : query(question, data)
  },
}

function byId(question: ReadQuestion, { documents, facts }: Data) {
  const access = chooseAccess(question, { indexes: [], facts })
  const { ids, residual } = access.kind === 'get' ? access : { ids: [], residual: [] }
  const found = ids.flatMap((id) => documents.filter((document) => equalValues(document['_id'], id)))
  const { sort } = question
  return {
    claims: readClaims(question, {
      access,
      native: null,
      residual,
      sorter: sorterOf(access, sort),
      positioned: false,
      limits: false,
      estimatedRequests: 1,
    }),
    pages: pagesOf(entriesOf(found), {
      needs: neededPaths({ tested: residual.length > 0 ? question.filter : undefined, sort, wanted: 'keys', facts }),
    }),
  }
}

function query(question: ReadQuestion, { documents, facts: known }: Data) {
  const { filter, sort, after, skip, limit } = question
  const facts = withImplied(known, conjuncts(filter))
  const { queries, residual, tested, takes } = pushAll(filter, dialect, facts)
  const sorter = sort === undefined ? 'none' : isNativeSort(sort, facts) ? 'native' : 'client'
  const claims = readClaims(question, {
    access: { kind: 'scan', residual: conjuncts(filter) },
    native: null,
    residual,
    sorter,
    positioned: sorter === 'native',
    limits: true,
    estimatedRequests: queries.length,
  })
  const needs = neededPaths({ tested, sort, wanted: 'keys', facts })
  const streams = queries.map(({ native = () => true }) => {
    const found = documents.filter(native)
    if (sort === undefined || sorter === 'client') return pagesOf(entriesOf(found), { needs })
    const ordered = sortDocuments(
      found.filter((document) => sort.every(({ path }) => valueAt(document, path.split('.')) !== undefined)),
      sort,
    )
    const behind = after === undefined ? ordered : ordered.filter(isAfter(sort, after))
    const pages = pagesOf(entriesOf(behind), { needs })
    return claims.limited ? skipAndLimit(pages, { skip: 0, limit: skip + limit }) : pages
  })
  const all = sort === undefined || sorter === 'client' ? chainPages(streams, takes) : mergePages(streams, sort)
  return {
    claims,
    pages: claims.limited ? skipAndLimit(all, { skip, limit }) : all,
  }
}
