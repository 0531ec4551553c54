/** The two ends: a backend that answers everything as MongoDB does, and one that answers nothing. */

import type { Access } from '../../../src/nosql/plan/access.ts'
import { chooseAccess } from '../../../src/nosql/plan/choose-access.ts'
import { pushAll } from '../../../src/nosql/plan/chunks.ts'
import { conjuncts } from '../../../src/nosql/plan/conjuncts.ts'
import type { Dialect } from '../../../src/nosql/plan/dialect.ts'
import { mergePages, chainPages } from '../../../src/nosql/plan/merge.ts'
import { neededPaths } from '../../../src/nosql/plan/needs.ts'
import { isAfter, skipAndLimit } from '../../../src/nosql/plan/pages.ts'
import { readClaims } from '../../../src/nosql/plan/read-plan.ts'
import { compileFilter } from '../../../src/nosql/query/filter/compile-filter.ts'
import { sortDocuments } from '../../../src/nosql/query/sort.ts'
import type { Document } from '../../../src/nosql/query/value.ts'
import { entriesOf, pagesOf, type SimulatedBackend } from './simulated-backend.ts'

type Native = (document: Document) => boolean

const scan: Access = { kind: 'scan' }
const nothing: Access = { kind: 'none' }

/** Every test is exact, lists are short, and a query holds few disjunctions: what is over the limit is split. */
const dialect: Dialect<Native> = {
  limits: { inValues: 2, disjunctions: 6, queries: 8 },
  test: (node) => ({
    native: compileFilter(node),
    exactness: 'exact',
    disjunctions: node.test.kind === 'in' ? Math.max(1, node.test.values.length) : 1,
  }),
  and: (parts) => (document) => parts.every((part) => part(document)),
  or: (parts) => (document) => parts.some((part) => part(document)),
  not: (part) => (document) => !part(document),
}

/** Like MongoDB: exact, sorts, positions and limits by itself. */
export const exactBackend: SimulatedBackend = {
  name: 'like MongoDB',
  plan(question, { documents, facts }) {
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
    const needs = neededPaths({ tested, sort, wanted: 'keys' })
    const streams = queries.map(({ native = () => true }) => {
      const found = access.kind === 'none' ? [] : documents.filter(native)
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
  },
}

/** Answers nothing: every document is sent, in no order. */
export const blindBackend: SimulatedBackend = {
  name: 'like a heap of files',
  plan(question, { documents }) {
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
        }),
      }),
    }
  },
}
