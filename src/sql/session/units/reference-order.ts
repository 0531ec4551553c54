import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { circleOf, referenceDepth, referencesOf, type Reference } from './references.ts'

/** What is known of a write, so that it may change places with others of which as much is known. */
export interface PlacedWrite {
  /** The table whose rows it stores. */
  readonly stores?: PgTable | undefined
  /** The values that it stores, by property of that table. */
  readonly row?: Readonly<Record<string, unknown>> | undefined
  /** The table from which it deletes rows. */
  readonly removes?: PgTable | undefined
}

/**
 * Rows before those that refer to them, and deletions the other way round, within each run of writes of one kind whose
 * tables are known; otherwise as they were added. A write of an unknown kind keeps its place, and what was added before
 * it stays before it.
 */
export function inOrderOfReferences<T extends PlacedWrite>(writes: readonly T[]): T[] {
  return runsOf(writes).flatMap((run) => {
    if (run[0]?.removes !== undefined) return run.toSorted((a, b) => depthOf(b) - depthOf(a))
    const sorted = run.toSorted((a, b) => depthOf(a) - depthOf(b))
    return sorted.some(standsInCircle) ? orderRows(sorted) : sorted
  })
}

/** Tables from one back to itself, by references that forbid an order of the rows. */
export interface Circle {
  readonly tables: readonly PgTable[]
  /** Whether it is known of the rows, and not of their tables alone. */
  readonly isOfRows: boolean
}

/** Undefined when all rows have an order, as far as they are known. */
export function findCircle(writes: readonly PlacedWrite[]): Circle | undefined {
  for (const run of runsOf(writes)) {
    let tables: readonly PgTable[] | undefined
    orderRows(run, (circle) => (tables ??= circle))
    if (tables !== undefined) return { tables, isOfRows: true }
    const [unknown, other] = run.filter((write) => write.row === undefined && standsInCircle(write))
    const table = unknown?.removes ?? unknown?.stores
    if (table !== undefined && other !== undefined) return { tables: [table, ...circleOf(table)], isOfRows: false }
  }
  return undefined
}

function runsOf<T extends PlacedWrite>(writes: readonly T[]): T[][] {
  const runs: T[][] = []
  let kind: string | undefined
  for (const write of writes) {
    const own = (write.stores && 'stores') ?? (write.removes && 'removes')
    if (own !== undefined && own === kind) runs.at(-1)?.push(write)
    else runs.push([write])
    kind = own
  }
  return runs
}

function depthOf({ stores, removes }: PlacedWrite): number {
  const table = stores ?? removes
  return table === undefined ? 0 : referenceDepth(table)
}

function standsInCircle({ stores, removes }: PlacedWrite): boolean {
  const table = stores ?? removes
  return table !== undefined && circleOf(table).size > 0
}

/** Each row after those of its circle that it refers to. @param onCircle called with tables of rows without an order */
function orderRows<T extends PlacedWrite>(writes: readonly T[], onCircle?: (circle: readonly PgTable[]) => void): T[] {
  const parentsOf = referredRows(writes)
  const placed = new Set<T>()
  for (const write of writes) {
    // Not by recursion: a chain of rows may be long.
    const way: { readonly write: T; readonly left: T[] }[] = [{ write, left: parentsOf(write) }]
    const entered = new Set([write])
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const parent = placed.has(step.write) ? undefined : step.left.pop()
      if (parent === undefined) {
        placed.add(step.write)
        entered.delete(step.write)
        way.pop()
      } else if (entered.has(parent)) {
        const from = way.findIndex((one) => one.write === parent)
        onCircle?.(tablesOf([...way.slice(from).map((one) => one.write), parent]))
      } else if (!placed.has(parent)) {
        entered.add(parent)
        way.push({ write: parent, left: parentsOf(parent) })
      }
    }
  }
  return [...placed]
}

/** Returns, for a write, those whose rows its row refers to, within its circle and except itself. */
function referredRows<T extends PlacedWrite>(writes: readonly T[]): (write: T) => T[] {
  const indexes = new Map<Reference, Map<string, T>>()
  const indexFor = (reference: Reference): Map<string, T> => {
    let index = indexes.get(reference)
    if (index === undefined) {
      index = new Map()
      for (const write of writes) {
        if (write.stores !== reference.foreignTable) continue
        const key = valuesOf(write, reference.foreignColumns)
        if (key !== undefined) index.set(key, write)
      }
      indexes.set(reference, index)
    }
    return index
  }
  return (write) => {
    const { stores } = write
    if (stores === undefined) return []
    const own = referencesOf(stores).filter(({ foreignTable }) => circleOf(stores).has(foreignTable))
    return own.flatMap((reference) => {
      const key = valuesOf(write, reference.columns)
      const parent = key === undefined ? undefined : indexFor(reference).get(key)
      return parent === undefined || parent === write ? [] : [parent]
    })
  }
}

/** One text for the values of these columns; undefined when one of them is null, which refers to nothing, or not known. */
function valuesOf({ row, stores }: PlacedWrite, columns: readonly PgColumn[]): string | undefined {
  // Columns of a key of several are other objects than those of the table.
  const properties: [string, { readonly name?: unknown } | undefined][] = Object.entries(stores ?? {})
  const values = columns.map(({ name }) => row?.[properties.find(([, own]) => own?.name === name)?.[0] ?? ''])
  const isKnown = values.every((value) => /^(?:string|number|bigint)$/.test(typeof value) || value instanceof Date)
  return isKnown ? JSON.stringify(values.map(String)) : undefined
}

function tablesOf(writes: readonly PlacedWrite[]): readonly PgTable[] {
  return writes.flatMap(({ stores }) => stores ?? [])
}
