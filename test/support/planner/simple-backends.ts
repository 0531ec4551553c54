/** The two ends: a backend that answers everything as MongoDB does, and one that answers nothing. */

import type { Access } from '../../../src/nosql/plan/access.ts'
import { chooseAccess } from '../../../src/nosql/plan/choose-access.ts'
import { pushAll } from '../../../src/nosql/plan/chunks.ts'
import { conjuncts } from '../../../src/nosql/plan/conjuncts.ts'
import type { Dialect } from '../../../src/nosql/plan/dialect.ts'
import { mergePages, chainPages } from '../../../src/nosql/plan/merge.ts'
import { neededPaths } from '../../../src/nosql/plan/needs.ts'
import { isAfter, skipAndLimit } from '../../../src/nosql/plan/pages.ts'
import { readClaims, type ReadQuestion } from '../../../src/nosql/plan/read-plan.ts'
import { compileFilter } from '../../../src/nosql/query/filter/compile-filter.ts'
import { sortDocuments } from '../../../src/nosql/query/sort.ts'
import type { Document } from '../../../src/nosql/query/value.ts'
import { type Data, entriesOf, pagesOf, type SimulatedBackend, type SimulatedRead } from './simulated-backend.ts'

interface Native {
  readonly holds: (document: Document) => boolean
  /** How many there are once they are multiplied out. */
  readonly disjunctions: number
}

const scan: Access = { kind: 'scan', residual: [] }
const nothing: Access = { kind: 'none', residual: [] }

/** Lists are short, and a query holds few disjunctions: what is over a limit is split. */
const limits = { inValues: 2, disjunctions: 6, queries: 8 }

const exactDialect: Dialect<Native> = {
  limits,
  test: (node) => {
    const disjunctions = node.test.kind === 'in' ? Math.max(1, node.test.values.length) : 1
    return { native: { holds: compileFilter(node), disjunctions }, exactness: 'exact', disjunctions }
  },
  and: (parts) => ({
    holds: (document) => parts.every(({ holds }) => holds(document)),
    disjunctions: parts.reduce((product, part) => product * part.disjunctions, 1),
  }),
  or: (parts) => ({
    holds: (document) => parts.some(({ holds }) => holds(document)),
    disjunctions: parts.reduce((sum, part) => sum + part.disjunctions, 0),
  }),
  not: ({ holds, disjunctions }) => ({ holds: (document) => !holds(document), disjunctions }),
}

/** Finds texts by more than they are asked for, as a search index does. */
const roughDialect: Dialect<Native> = {
  ...exactDialect,
  test: (node, facts) => {
    const exact = exactDialect.test(node, facts)
    if (exact === undefined || !['s', 'a'].includes(node.path)) return exact
    const holds = (document: Document): boolean =>
      exact.native.holds(document) || typeof document[node.path] === 'string'
    return { ...exact, native: { ...exact.native, holds }, exactness: 'superset' }
  },
}

/** Like MongoDB: exact, sorts, positions and limits by itself. */
export const exactBackend = sortingBackend('like MongoDB', exactDialect)

/** Like a search index: sorts, and finds too much. */
export const roughBackend = sortingBackend('like a search index', roughDialect)

function sortingBackend(name: string, dialect: Dialect<Native>): SimulatedBackend {
  return { name, plan: (question, data) => planRead(question, data, dialect) }
}

function planRead(question: ReadQuestion, { documents, facts }: Data, dialect: Dialect<Native>): SimulatedRead {
  const { sort, after, skip, limit } = question
  const access = chooseAccess(question, { indexes: [], facts }).kind === 'none' ? nothing : scan
  const { queries, residual, tested, takes } = pushAll(question.filter, dialect, facts)
  // A sort that two arrays make impossible is refused for documents that match, not for those that drop out.
  const sorter = sort === undefined ? 'none' : residual.length === 0 ? 'native' : 'client'
  const claims = readClaims(question, {
    access,
    native: null,
    residual,
    sorter,
    positioned: sorter === 'native',
    limits: true,
    estimatedRequests: queries.length,
  })
  const needs = neededPaths({ tested, sort, wanted: 'keys', facts })
  const streams = queries.map(({ native }) => {
    if ((native?.disjunctions ?? 0) > limits.disjunctions) throw new Error('the backend refuses so many disjunctions')
    const found = access.kind === 'none' ? [] : documents.filter(native?.holds ?? (() => true))
    const sorted = sort === undefined || sorter === 'client' ? found : sortDocuments(found, sort)
    const behind =
      sort === undefined || after === undefined || sorter === 'client' ? sorted : sorted.filter(isAfter(sort, after))
    return pagesOf(entriesOf(behind), { needs })
  })
  const all = sort === undefined || sorter === 'client' ? chainPages(streams, takes) : mergePages(streams, sort)
  return {
    claims,
    pages: claims.limited ? skipAndLimit(all, { skip, limit }) : all,
  }
}

/** Answers nothing: every document is sent, in no order. */
export const blindBackend: SimulatedBackend = {
  name: 'like a heap of files',
  plan(question, { documents, facts }) {
    const residual = conjuncts(question.filter)
    return {
      claims: readClaims(question, {
        access: scan,
        native: null,
        residual,
        sorter: question.sort === undefined ? 'none' : 'client',
        positioned: false,
        limits: false,
        estimatedRequests: Infinity,
      }),
      pages: pagesOf(entriesOf(documents), {
        needs: neededPaths({
          tested: residual.length > 0 ? question.filter : undefined,
          sort: question.sort,
          wanted: 'keys',
          facts,
        }),
      }),
    }
  },
}
