import type { Statement } from '../contract/driver.ts'
import { expectReturnedRows } from '../session/units/row-expectation.ts'
import { join, type Fragment } from './fragment.ts'
import { statementOf, type Source } from './source.ts'
import type { RowWrite } from './store.ts'

/** One statement for some of the rows, which fails unless it stores all of them. It returns them after one more column. */
export interface GroupWrite {
  readonly statement: Statement
  readonly otherwise: RowWrite['otherwise']
}

interface Group {
  readonly writes: RowWrite[]
  readonly keys: Set<string>
}

/** The protocol's own limit. https://www.postgresql.org/docs/current/limits.html */
const mostParameters = 65_535

/** Rows that follow one another become one statement where they have the same form, in their order. */
export function storeMany(source: Source, writes: readonly RowWrite[]): GroupWrite[] {
  const groups: Group[] = []
  for (const write of writes) {
    const group = groups.at(-1)
    if (group !== undefined && fits(group, write)) addTo(group, write)
    else groups.push(addTo({ writes: [], keys: new Set() }, write))
  }
  return groups.map((group, i) => toWrite(source, group.writes, i))
}

/** Of rows that were stored one after the other, each as it is in the end: those of one key are the last of them. */
export function asStored({ shape }: Source, rows: readonly unknown[]): readonly unknown[] {
  const keys = rows.map((row) => JSON.stringify(shape.keys.map(({ key }) => keyText(Reflect.get(Object(row), key)))))
  const last = new Map(keys.map((key, index) => [key, rows[index]]))
  return keys.map((key) => last.get(key))
}

function keyText(value: unknown): string {
  return value instanceof Date ? String(value.getTime()) : String(value)
}

function fits({ writes, keys }: Group, { insert }: RowWrite): boolean {
  const first = writes[0]?.insert
  if (insert === undefined || first === undefined || insert.head !== first.head) return false
  // What confines the call has one parameter at most.
  const parameters = (writes.length + 1) * insert.values.length + 1
  return parameters <= mostParameters && (insert.key === undefined || !keys.has(insert.key))
}

function addTo(group: Group, write: RowWrite): Group {
  group.writes.push(write)
  if (write.insert?.key !== undefined) group.keys.add(write.insert.key)
  return group
}

function toWrite(source: Source, writes: readonly RowWrite[], index: number): GroupWrite {
  const [first] = writes
  if (first === undefined) throw new RangeError('a group must have at least one row')
  const statement = statementOf(source, [together(writes, first), ` returning ${source.names.all}`])
  return { statement: expectReturnedRows(statement, writes.length, index), otherwise: first.otherwise }
}

function together(writes: readonly RowWrite[], first: RowWrite): Fragment {
  if (first.insert === undefined) return first.statement
  const tuples = writes.map(({ insert }): Fragment => ['(', join(insert?.values ?? [], ', '), ')'])
  return [first.insert.head, join(tuples, ', '), first.insert.tail]
}
