/** From an update document to its tree; everything MongoDB refuses while parsing is refused here. */

import { copyGiven } from '../copy-given.ts'
import { requireEngine } from '../filter/parse-expression.ts'
import type { DocumentTransform, ExpressionEngine, Variables } from '../expression-engine.ts'
import { DocumentValidationError, type NoSQLFilterError } from '../../errors.ts'
import type { Meter } from '../meter.ts'
import { meantName } from '../../../core/nearest-name.ts'
import { kindOf, wrapReadErrors } from '../../../core/plain-object.ts'
import { badValue, failedToParse, inside, shownOperator, cannotRead } from '../refusal.ts'
import { toStorable, toStorableValue, unreadable } from '../storable.ts'
import { type Document, isDocument } from '../value.ts'
import { type ArrayFilters, parseArrayFilters } from './array-filters.ts'
import type { OperandPlace, ParseUpdateOperator } from './operator.ts'
import { parsePush } from './operator-push.ts'
import { parseRename } from './operator-rename.ts'
import { arrayOperators } from './operators-array.ts'
import { fieldOperators, valueOperators } from './operators-field.ts'
import { numberOperators } from './operators-number.ts'
import { vendorNumber } from '../vendor-value.ts'
import { mergeAll, type UpdateNode } from './update-node.ts'
import { nodeAt, parseUpdatePath, type UpdatePath } from './update-path.ts'

/** A parsed update. */
export type UpdateTree =
  | { readonly kind: 'replacement'; readonly document: Document }
  | {
      readonly kind: 'operators'
      readonly node: UpdateNode
      readonly filters: ArrayFilters
      /** True when it has a positional `$`: it needs the index of the element that the filter matched. */
      readonly positional: boolean
      /** The same in the order written, for a backend that has the operators itself. */
      readonly ops: readonly UpdateOp[]
      /** A copy of the array filters as they were written. */
      readonly arrayFilters: readonly Document[]
    }
  | {
      readonly kind: 'pipeline'
      readonly transform: DocumentTransform
      readonly variables: Variables | undefined
      /** The stages as they were written. */
      readonly stages: readonly Document[]
    }

/** One operator on one path. */
export interface UpdateOp {
  /** `$set`, `$push` and so on. */
  readonly operator: string
  /** As it was written; `$`, `$[]` and `$[name]` are parts of it. */
  readonly path: string
  /** A copy, its values in stored form. */
  readonly operand: unknown
}

export interface UpdateOptions {
  readonly arrayFilters?: unknown
  /** The aggregation engine, which a pipeline needs. */
  readonly engine?: ExpressionEngine | undefined
  /** Values for `$$name` in a pipeline. @default {} */
  readonly variables?: Variables | undefined
  /** Pays for reading the update, its filters and its expressions. @default not counted */
  readonly meter?: Meter | undefined
  /** Whether values of MongoDB's own classes can be stored. @default false */
  readonly vendorValues?: boolean | undefined
}

/** The work of reading one path. */
const STEPS_OF_A_PATH = 200

const noFilters: ArrayFilters = new Map()

/** The others: each checks its operand itself. */
const operators: ReadonlyMap<string, ParseUpdateOperator> = new Map(
  Object.entries({ ...fieldOperators, ...numberOperators, ...arrayOperators, $push: parsePush }),
)

/**
 * Parses an update: operators, a pipeline (an array), or a replacement (an object without operators).
 *
 * @throws NoSQLFilterError for whatever MongoDB refuses while parsing, DocumentValidationError for values that cannot be
 *   stored, UnsupportedOperationError for a pipeline without an engine
 * @see https://www.mongodb.com/docs/manual/reference/operator/update/
 */
export function parseUpdate(update: unknown, options: UpdateOptions = {}): UpdateTree {
  return wrapReadErrors(
    () => {
      if (Array.isArray(update)) return parsePipeline(update, options)
      if (!isDocument(update))
        throw failedToParse(`an update must be an object of operators or a pipeline, not ${kindOf(update)}`)
      return parseObject({ ...update }, options)
    },
    (cause) => cannotRead(cause, 'an update'),
  )
}

/** @param update a copy: it is read more than once */
function parseObject(update: Document, options: UpdateOptions): UpdateTree {
  if (Object.keys(update)[0]?.startsWith('$') === true) return parseOperators(update, options)
  refuseArrayFilters(options)
  const operator = Object.keys(update).find((name) => name.startsWith('$'))
  if (operator !== undefined) throw dollarInReplacement(operator)
  return { kind: 'replacement', document: toStorable(update, { vendorValues: options.vendorValues }) }
}

/** A document may have such a name, but this one was more likely meant to be an operator. */
function dollarInReplacement(name: string): Error {
  return new DocumentValidationError('a replacement cannot have an operator beside fields', {
    reason: 'DollarPrefixedFieldName',
    path: name,
    hint: 'Put fields under $set, or use $setField in a pipeline for a name that starts with a dollar.',
  })
}

function parsePipeline(given: readonly unknown[], options: UpdateOptions): UpdateTree {
  refuseArrayFilters(options)
  // The engine checks that each of them is a document.
  const stages = copyGiven(given) as readonly Document[]
  const { variables, meter } = options
  const names = variables === undefined ? {} : { variables: Object.keys(variables) }
  const transform = requireEngine(options.engine, 'a pipeline update').transform(stages, { ...names, meter })
  return { kind: 'pipeline', transform, variables, stages }
}

function refuseArrayFilters(options: UpdateOptions): void {
  if (options.arrayFilters !== undefined)
    throw failedToParse('arrayFilters must come with update operators', 'arrayFilters')
}

function parseOperators(update: Document, options: UpdateOptions): UpdateTree {
  const arrayFilters = options.arrayFilters === undefined ? undefined : copyGiven(options.arrayFilters)
  const filters = arrayFilters === undefined ? noFilters : parseArrayFilters(arrayFilters, options)
  const used = new Set<string>()
  let positional = false
  const ops: UpdateOp[] = []
  const nodes: UpdateNode[] = []
  for (const [operator, changes] of Object.entries(update)) {
    if (!isOperator(operator)) throw notAnOperator(operator)
    if (!isDocument(changes))
      throw failedToParse(`${operator} must have an object of paths, not ${kindOf(changes)}`, operator)
    for (const [path, given] of Object.entries(changes)) {
      options.meter?.work(STEPS_OF_A_PATH)
      const parsed = parseUpdatePath(path, inside(operator, path))
      // As in a document: a field that is undefined is left out.
      if (given === undefined && (operator === '$set' || operator === '$setOnInsert')) continue
      for (const name of parsed.filters) {
        if (!filters.has(name))
          throw badValue('a filtered positional operator must have an array filter of its name', inside(operator, path))
        used.add(name)
      }
      positional ||= parsed.positional
      const place = {
        at: inside(operator, path),
        depth: parsed.parts.length + 1,
        meter: options.meter,
        vendorValues: options.vendorValues,
      }
      const { branches, operand } = parseChange(operator, parsed, { given, place })
      for (const branch of branches) nodes.push(branch)
      ops.push({ operator, path, operand })
    }
  }
  for (const name of filters.keys())
    if (!used.has(name)) throw failedToParse('each array filter must be used by a path', 'arrayFilters')
  // What parseArrayFilters takes is a list of documents.
  const written = (arrayFilters ?? []) as readonly Document[]
  const [only, ...others] = nodes
  const node = only !== undefined && others.length === 0 ? only : mergeAll(nodes)
  return { kind: 'operators', node, filters, positional, ops, arrayFilters: written }
}

/** An operand that has been parsed, in the form in which its values are stored. */
function storedOperand(operator: string, operand: unknown, { depth, vendorValues }: OperandPlace): unknown {
  const stored = (value: unknown, level: number) => toStorableValue(value, { at: operator, depth: level, vendorValues })
  if (operator === '$pullAll') return (operand as readonly unknown[]).map((value) => stored(value, depth + 1))
  if (operator !== '$push' && operator !== '$addToSet') return operand
  if (!isDocument(operand) || !Object.hasOwn(operand, '$each')) return stored(operand, depth + 1)
  const each = operand['$each'] as readonly unknown[]
  return { ...operand, $each: each.map((value) => stored(value, depth + 1)) }
}

function notAnOperator(name: string): NoSQLFilterError {
  if (!name.startsWith('$')) return failedToParse('fields and operators cannot be mixed in an update', name)
  const message = `${shownOperator(name)} cannot be used here: it is not an operator of updates`
  return failedToParse(message, name, meantName(name, [...valueOperators.keys(), ...operators.keys(), '$rename']))
}

function isOperator(name: string): boolean {
  return valueOperators.has(name) || operators.has(name) || name === '$rename'
}

interface Change {
  readonly branches: readonly UpdateNode[]
  /** A copy, its values in stored form. */
  readonly operand: unknown
}

/** A value is checked and copied in one step; an object with its own methods is copied first, and the copy is read. */
function parseChange(
  operator: string,
  { parts }: UpdatePath,
  { given, place }: { readonly given: unknown; readonly place: OperandPlace },
): Change {
  const changeBy = valueOperators.get(operator)
  if (changeBy !== undefined) {
    const value = toStorableValue(given, place)
    return { branches: [nodeAt(parts, { kind: 'leaf', apply: changeBy(value) })], operand: value }
  }
  const copied = copyGiven(given)
  const copy = (place.vendorValues === true ? vendorNumber(copied) : undefined) ?? copied
  const parse = operators.get(operator)
  const read = () => {
    const branches =
      parse === undefined
        ? parseRename(parts, copy, place.at)
        : [nodeAt(parts, { kind: 'leaf', apply: parse(copy, place) })]
    return { branches, operand: storedOperand(operator, copy, place) }
  }
  // What these have may be a value, which is refused as one.
  return operator === '$push' || operator === '$addToSet' ? wrapReadErrors(read, unreadable(place.at)) : read()
}
