import {
  DuplicateKeyError,
  NotFoundError,
  OptimisticLockError,
  UsageError,
  type LexigramError,
} from '../../core/errors.ts'
import { columnValue, type NamedColumn } from './column-value.ts'
import { isBound, join, type Fragment } from './fragment.ts'
import { replacing } from './kept-reading.ts'
import { oneSpelling } from './one-spelling.ts'
import { isKey } from './row-key.ts'
import { bookkeeping, hasKey, rowValues, type Assignment, type Row } from './row-values.ts'
import { confine, type Confinement, type Source } from './source.ts'
import { isComputed } from './table-shape.ts'

/** A statement that stores one row, without what it returns, and the error that it means when no row was affected. */
export interface RowWrite {
  readonly statement: Fragment
  readonly otherwise: () => LexigramError
  /** Present where rows of the same form can be stored by one statement. */
  readonly insert?: InsertParts
}

export interface InsertParts {
  /** What comes before the values and after them; the same for rows of the same form. */
  readonly head: string
  readonly tail: Fragment
  readonly values: readonly Fragment[]
  /** The value of the primary key, for one statement cannot store two rows of one key; undefined for a row that gets one. */
  readonly key: string | undefined
}

/**
 * Without a version column a row is stored whether it is new or not. With one, a row without a version is new, and
 * another is stored only over the version that it has.
 */
export function storeRow(source: Source, row: Row, confinement: Confinement): RowWrite {
  const { version } = source.rules
  const current = version === undefined ? undefined : versionOf(row[version.key])
  if (version !== undefined && current !== undefined) {
    return updateRow(source, row, { confinement, expected: { ...version, current } })
  }
  if (isOfComputedKey(source, row)) return updateRow(source, row, { confinement, expected: undefined })
  const target = version === undefined && hasKey(source, row) ? source.shape.keys : undefined
  return insertRow(source, row, { confinement, target })
}

/** Stores a row whether it is new or not, by the columns that make it the same row. @throws UsageError */
export function upsertRow(source: Source, row: Row, on: readonly string[] | undefined): RowWrite {
  const confinement = confine(source)
  if (on === undefined && isOfComputedKey(source, row)) {
    return updateRow(source, row, { confinement, expected: undefined })
  }
  const target = on === undefined ? source.shape.keys : conflictTarget(source, on)
  return insertRow(source, row, { confinement, target })
}

/** Only the database makes such a key, so a row that has one is there. */
function isOfComputedKey(source: Source, row: Row): boolean {
  return hasKey(source, row) && source.shape.keys.some(({ column }) => isComputed(column))
}

interface Insertion {
  readonly confinement: Confinement
  /** The columns of the unique key by which a row is there already; undefined for a row that must be new. */
  readonly target: readonly NamedColumn[] | undefined
}

function insertRow(source: Source, row: Row, { confinement, target }: Insertion): RowWrite {
  const { names, shape } = source
  const { inserted, updated } = rowValues(source, row, confinement)
  const columns = inserted.map(({ column }) => names.bare(column)).join(', ')
  const values = inserted.map(({ value }) => value)
  const head = `insert into ${names.table} ${columns === '' ? 'default values' : `(${columns}) values `}`
  const tail = target === undefined ? '' : onConflict(source, target, { inserted, updated, confinement })
  const key = shape.keys.map((named) => spellingOf(inserted.find(({ key: other }) => other === named.key)))
  // A key that may be another spelling of one has its own statement.
  const isPlain = updated.every((one) => isInserted(inserted, one)) && !key.includes(undefined)
  const isShared = columns !== '' && (target === undefined || isPlain)
  return {
    statement: [head, columns === '' ? '' : ['(', join(values, ', '), ')'], tail],
    otherwise: () =>
      new DuplicateKeyError(
        'the row cannot be stored: one with this key exists, and is deleted or belongs to another tenant',
        {
          publicMessage: 'a row with this key exists already',
        },
      ),
    ...(isShared && { insert: { head, tail, values, key: key.includes(made) ? undefined : JSON.stringify(key) } }),
  }
}

/** Of a key that the database makes. */
const made = Symbol('made')

/** One text for one key, however it is spelt; undefined for one that may be spelt otherwise. */
function spellingOf(assigned: Assignment | undefined): string | typeof made | undefined {
  if (assigned === undefined) return made
  const { column, value } = assigned
  return isBound(value) && value.bound !== null ? oneSpelling(column, value.bound) : undefined
}

function onConflict(
  { names, rules }: Source,
  target: readonly NamedColumn[],
  given: { inserted: readonly Assignment[]; updated: readonly Assignment[]; confinement: Confinement },
): Fragment {
  const { inserted, updated, confinement } = given
  const changes = updated
    .filter(({ key }) => target.every((named) => named.key !== key))
    .map((change): Fragment => {
      const name = names.bare(change.column)
      const next = isInserted(inserted, change) ? `excluded.${name}` : change.value
      return [name, ' = ', replacing(change, { current: names.full(change.column), next, given: change.value })]
    })
  if (rules.version !== undefined) {
    const { column } = rules.version
    changes.push(`${names.bare(column)} = ${names.full(column)} + 1`)
  }
  // An assignment of a column to itself makes the database return the row that was there.
  const columns = target.map(({ column }) => names.bare(column))
  if (changes.length === 0) changes.push(`${columns[0]} = excluded.${columns[0]}`)
  return [` on conflict (${columns.join(', ')}) do update set `, join(changes, ', '), ' where ', confinement.where()]
}

function isInserted(inserted: readonly Assignment[], change: Assignment): boolean {
  return inserted.some(({ key, value }) => key === change.key && value === change.value)
}

interface Update {
  readonly confinement: Confinement
  readonly expected: (NamedColumn & { readonly current: unknown }) | undefined
}

function updateRow(source: Source, row: Row, { confinement, expected }: Update): RowWrite {
  const { names, rules, shape } = source
  const { updated } = rowValues(source, row, confinement)
  const changes = updated.map((change): Fragment => {
    const current = names.full(change.column)
    return [names.bare(change.column), ' = ', replacing(change, { current, next: change.value })]
  })
  if (rules.version !== undefined) {
    changes.push(`${names.bare(rules.version.column)} = ${names.full(rules.version.column)} + 1`)
  }
  if (changes.length === 0) throw new UsageError('a row of nothing but its key cannot be stored')
  const keyValues = Object.fromEntries(shape.keys.map(({ key }) => [key, row[key]]))
  const id = isKey(source, shape.keys.length === 1 ? Object.values(keyValues)[0] : keyValues)
  const same = expected && [names.full(expected.column), ' = ', columnValue(expected, expected.current)]
  const where = confinement.where(id, ...(same === undefined ? [] : [same]))
  return {
    statement: [`update ${names.table} set `, join(changes, ', '), ' where ', where],
    otherwise: () => (expected === undefined ? noSuchRow() : staleRow()),
  }
}

/** Marks rows as deleted where the rules say so, else removes them; `hard` also removes marked ones. */
export function deleteRows(source: Source, condition: Fragment, { hard }: { readonly hard: boolean }): Fragment {
  const { names, rules } = source
  const { deleted } = rules
  if (deleted === undefined || hard) {
    return [`delete from ${names.table} where `, confine(source, true).where(condition)]
  }
  const mark = [names.bare(deleted.column), ' = ', columnValue(deleted, rules.now())]
  const set = join([mark, ...bookkeeping(source)], ', ')
  return [`update ${names.table} set `, set, ' where ', confine(source).where(condition)]
}

/** @throws UsageError for a repository without soft deletion */
export function restoreRow(source: Source, id: unknown): Fragment {
  const { names, rules } = source
  const { deleted } = rules
  if (deleted === undefined) throw new UsageError('a repository cannot restore without the softDelete option')
  const set = join([`${names.bare(deleted.column)} = null`, ...bookkeeping(source)], ', ')
  const isDeleted = `${names.full(deleted.column)} is not null`
  return [`update ${names.table} set `, set, ' where ', confine(source, true).where(isKey(source, id), isDeleted)]
}

/** The condition that a row has the version that was read. @throws UsageError without a version column */
export function hasVersion({ names, rules }: Source, expected: unknown): Fragment {
  const { version } = rules
  if (version === undefined) throw new UsageError("'version' cannot be used: the repository does not count versions")
  const current = versionOf(expected)
  if (current === undefined) throw new UsageError('an expected version must be a whole number')
  return [names.full(version.column), ' = ', columnValue(version, current)]
}

export function staleRow(): OptimisticLockError {
  return new OptimisticLockError('the row cannot be written: it was changed or deleted after it was read', {
    hint: 'Read it again, repeat the change and save.',
  })
}

function noSuchRow(): NotFoundError {
  return new NotFoundError('the row cannot be found: only the database makes its key')
}

function versionOf(value: unknown): number | bigint | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))) return value
  throw new UsageError('the version of an entity must be a whole number')
}

function conflictTarget({ shape }: Source, on: unknown): readonly NamedColumn[] {
  const keys: readonly unknown[] = Array.isArray(on) ? on : []
  const named = shape.named.filter(({ key }) => keys.includes(key))
  if (keys.length > 0 && named.length === keys.length) return named
  throw new UsageError("the option 'on' must be an array of columns of the table")
}
