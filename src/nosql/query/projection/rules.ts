/** Collects the rules of a projection, and finds what they contradict. */

import { NoSQLFilterError } from '../../errors.ts'
import type { Document } from '../value.ts'
import type { FieldRule, Projection } from './projection.ts'

type Rules = Map<string, FieldRule>

export function refuse(reason: string, message: string, path: string): NoSQLFilterError {
  return new NoSQLFilterError(message, { reason, path })
}

export class ProjectionRules {
  readonly #rules: Rules = new Map()
  #mode: 'include' | 'exclude' | undefined
  #id: boolean | undefined
  #elemMatch = false
  #positional: ((document: Document) => Document) | undefined

  addFlag(parts: readonly string[], include: boolean): void {
    if (parts.length === 1 && parts[0] === '_id') this.#id = include
    else this.#choose(include ? 'include' : 'exclude', parts)
    this.#add(parts, { kind: include ? 'keep' : 'drop' })
  }

  addComputed(parts: readonly string[], rule: FieldRule): void {
    this.#choose('include', parts)
    this.#add(parts, rule)
  }

  addSlice(parts: readonly string[], rule: FieldRule): void {
    this.#add(parts, rule)
  }

  addElemMatch(parts: readonly string[], rule: FieldRule): void {
    if (this.#positional !== undefined) throw positionalWithElemMatch(parts)
    this.#elemMatch = true
    this.#add(parts, rule)
  }

  addPositional(parts: readonly string[], positional: (document: Document) => Document): void {
    if (this.#elemMatch) throw positionalWithElemMatch(parts)
    if (this.#positional !== undefined)
      throw refuse('BadValue', 'a projection must have at most one positional $', parts.join('.'))
    this.#choose('include', parts)
    this.#positional = positional
    this.#add(parts, { kind: 'keep' })
  }

  finish(): Projection {
    const onlyId = this.#id === true || this.#elemMatch
    const mode = this.#mode ?? (onlyId ? 'include' : 'exclude')
    if (mode === 'include' && !this.#rules.has('_id')) this.#rules.set('_id', { kind: 'keep' })
    return { mode, rules: this.#rules, positional: this.#positional }
  }

  #choose(mode: 'include' | 'exclude', parts: readonly string[]): void {
    if (this.#mode !== undefined && this.#mode !== mode) {
      throw refuse('BadValue', 'a projection must either include or exclude fields, except for _id', parts.join('.'))
    }
    this.#mode = mode
  }

  #add(parts: readonly string[], rule: FieldRule): void {
    let level = this.#rules
    for (const part of parts.slice(0, -1)) level = openLevel(level, part, parts)
    const name = parts.at(-1) as string // a path has at least one part
    if (level.has(name)) throw collision(parts)
    level.set(name, rule)
  }
}

function openLevel(level: Rules, part: string, parts: readonly string[]): Rules {
  const present = level.get(part)
  if (present === undefined) {
    const rules: Rules = new Map()
    level.set(part, { kind: 'fields', rules })
    return rules
  }
  if (present.kind !== 'fields') throw collision(parts)
  return present.rules as Rules // made above, as a map that can be changed
}

function collision(parts: readonly string[]): NoSQLFilterError {
  return refuse('PathCollision', 'a projection must have one rule for each path', parts.join('.'))
}

function positionalWithElemMatch(parts: readonly string[]): NoSQLFilterError {
  return refuse('BadValue', 'the positional $ and $elemMatch cannot be used together', parts.join('.'))
}
