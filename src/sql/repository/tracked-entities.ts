import { UsageError } from '../../core/errors.ts'
import type { TrackedWrite, UnitOfWork } from '../session/units/unit-of-work.ts'
import { columnValue, type NamedColumn } from './column-value.ts'
import { isBound, type Fragment } from './fragment.ts'
import { oneSpelling } from './one-spelling.ts'
import { keyValues } from './row-key.ts'
import type { Row } from './row-values.ts'
import { confine, type Source } from './source.ts'

/** The entities of one repository in one unit of work: one object for each key, and what it was when it was loaded. */
export interface TrackedEntities<TEntity> {
  /** Null for one that the unit deletes, undefined for one that is not known. */
  find(id: unknown): TEntity | null | undefined
  /** Returns the entity that is tracked for this key, which may be another object. */
  add(entity: TEntity): TEntity
  /** Whether this object is tracked; if it is, it is saved at the commit, changed or not. */
  save(entity: TEntity): boolean
  remove(id: unknown): void
}

interface Known<TEntity> {
  readonly entity: TEntity
  /** Undefined for one that is saved in any case. */
  loaded: string | undefined
}

export interface TrackingParts<TEntity> {
  readonly source: Source
  readonly toRow: (entity: TEntity) => Row
  readonly save: (entity: TEntity) => TrackedWrite
}

/** What the units of work track for one repository, until each has sent what there was, or has dropped it. */
export class RepositoryUnits<TEntity> {
  readonly #parts: TrackingParts<TEntity>
  readonly #units = new WeakMap<UnitOfWork, TrackedEntities<TEntity>>()

  constructor(parts: TrackingParts<TEntity>) {
    this.#parts = parts
  }

  of(unit: UnitOfWork): TrackedEntities<TEntity> {
    const known = this.#units.get(unit)
    if (known !== undefined) return known
    const tracked = trackEntities(unit, this.#parts, () => this.#units.delete(unit))
    this.#units.set(unit, tracked)
    return tracked
  }

  save(unit: UnitOfWork, entity: TEntity): void {
    if (this.#units.get(unit)?.save(entity) === true) return
    const { write, options } = this.#parts.save(entity)
    unit.add(write, options)
  }
}

function trackEntities<TEntity>(
  unit: UnitOfWork,
  { source, toRow, save }: TrackingParts<TEntity>,
  onEnd: () => void,
): TrackedEntities<TEntity> {
  const known = new Map<string, Known<TEntity> | null>()
  /** Whether one is deleted by a key that may be that of any other in other words. */
  let mayDeleteAny = false
  const idOf = (entity: TEntity): unknown => {
    const row = toRow(entity)
    const [only, ...others] = source.shape.keys
    if (only !== undefined && others.length === 0) return row[only.key]
    return Object.fromEntries(source.shape.keys.map(({ key }) => [key, row[key]]))
  }
  const isChanged = ({ entity, loaded }: Known<TEntity>): boolean =>
    loaded === undefined || loaded !== describeRow(source, toRow(entity))
  unit.track({
    changes() {
      const entities = [...known.values()].filter((each) => each !== null)
      return entities.filter(isChanged).map(({ entity }) => save(entity))
    },
    onEnd,
  })
  return {
    find: (id) => {
      const found = known.get(keyText(source, id).text)
      return found === null ? null : found?.entity
    },
    add(entity) {
      if (typeof entity !== 'object' || entity === null)
        throw new UsageError('an entity must be an object to be tracked')
      const { text } = keyText(source, idOf(entity))
      const found = known.get(text)
      if (found === null) throw new UsageError('an entity cannot be tracked: its unit of work deletes it')
      if (found !== undefined) return found.entity
      if (mayDeleteAny) throw anotherSpelling('an entity cannot be tracked: its unit of work may delete it')
      known.set(text, { entity, loaded: describeRow(source, toRow(entity)) })
      return entity
    },
    save(entity) {
      const found = [...known.values()].find((each) => each?.entity === entity)
      if (found === undefined || found === null) return false
      found.loaded = undefined
      return true
    },
    remove(id) {
      const { text, isOne } = keyText(source, id)
      mayDeleteAny ||= !isOne && !known.has(text)
      if (mayDeleteAny && [...known.values()].some((each) => each !== null)) {
        throw anotherSpelling('an entity cannot be deleted: its unit of work may track it')
      }
      known.set(text, null)
    },
  }
}

interface KeyText {
  readonly text: string
  /** False where another text may be the same key. */
  readonly isOne: boolean
}

/** Of one tenant: the same key may be another's. What the database has written is one text for one key in any case. */
function keyText(source: Source, id: unknown): KeyText {
  const { tenant } = confine(source)
  let isOne = true
  const spell = (named: NamedColumn | undefined, value: Fragment): string | null => {
    const text = textOf(value)
    if (text === null || named === undefined) return text
    const one = oneSpelling(named.column, text)
    isOne &&= one !== undefined
    return one ?? text
  }
  const own = tenant === undefined ? null : spell(tenant, columnValue(tenant, tenant.id))
  const key = keyValues(source, id).map((value, i) => spell(source.shape.keys[i], value))
  return { text: JSON.stringify([own, ...key]), isOne }
}

function anotherSpelling(message: string): UsageError {
  return new UsageError(message, { hint: 'Write its key as the database writes it.' })
}

/** What would be written, for comparison; nothing else of an entity matters. */
function describeRow(source: Source, row: Row): string {
  const given = source.shape.named.filter(({ key }) => row[key] !== undefined)
  return JSON.stringify(given.map((named) => [named.key, textOf(columnValue(named, row[named.key]))]))
}

function textOf(value: Fragment): string | null {
  if (isBound(value)) return value.bound
  throw new UsageError('an entity cannot be tracked: a value of its row is an expression')
}
