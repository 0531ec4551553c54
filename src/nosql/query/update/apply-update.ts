/** Applies a parsed update to a document, without changing the document. */

import { setField } from '../../../core/plain-object.ts'
import { DocumentValidationError } from '../../errors.ts'
import { objectSteps } from '../approximate-size.ts'
import { identicalValues } from '../compare.ts'
import { assertSameId, withId } from '../kept-id.ts'
import type { Meter } from '../meter.ts'
import { arrayIndex, isObject } from '../path.ts'
import { inside } from '../refusal.ts'
import { invalid, toStorable } from '../storable.ts'
import { type Document, getField, isArray, type Value } from '../value.ts'
import type { ArrayFilters } from './array-filters.ts'
import type { UpdateTree } from './parse-update.ts'
import { type LeafContext, mergeNodes, type UpdateNode } from './update-node.ts'

export interface ApplyOptions {
  /** The time that `$currentDate` and `$$NOW` mean. */
  readonly now: Date
  /** Index of the array element that the filter matched, for `$`: see `compileMatchPosition`. */
  readonly position?: number | undefined
  /** Pays for what is changed. @default not counted */
  readonly meter?: Meter | undefined
}

export interface Updated {
  readonly document: Document
  /** False when the document is as it was; `document` is then the one given. */
  readonly modified: boolean
}

/**
 * The document after an update. The given one is never changed; unchanged parts are shared with it.
 *
 * @throws DocumentValidationError when the update does not fit this document: TypeMismatch, PathNotViable, BadValue,
 *   ImmutableField (another `_id`); NoSQLFilterError (ConflictingUpdateOperators) when positional paths meet
 */
export function applyUpdate(update: UpdateTree, document: Document, options: ApplyOptions): Updated {
  const result = changed(update, document, { ...options, insert: false })
  if (result === document || identicalValues(result, document)) return { document, modified: false }
  return { document: result, modified: true }
}

/** The document with the changes of an update, which may be one that is to be inserted. @throws as `applyUpdate` */
export function changed(update: UpdateTree, document: Document, options: ApplyOptions & { insert: boolean }): Document {
  switch (update.kind) {
    case 'replacement':
      return withId(update.document, document['_id'])
    case 'pipeline': {
      const result = update.transform(document, { ...update.variables, NOW: options.now })
      return withId(toStorable(result, { madeOf: document }), document['_id'])
    }
    case 'operators':
    default: {
      const { now, position, insert, meter } = options
      const context = { now, insert, position, meter, original: document, filters: update.filters, at: '' }
      // The root of a tree is an object, and stays one.
      const result = applyNode(update.node, document, context) as Document
      if (result['_id'] !== document['_id']) assertSameId(document['_id'], result['_id'])
      return result
    }
  }
}

interface ApplyContext extends LeafContext {
  readonly filters: ArrayFilters
  /** Index of the array element that the filter matched. */
  readonly position: number | undefined
}

type FieldsNode = Extract<UpdateNode, { kind: 'fields' }>
type ElementsNode = Extract<UpdateNode, { kind: 'elements' }>

const maxPadding = 1_500_000

/** The work of going on to one field or element. */
const STEPS_OF_A_FIELD = 20

function copyElements(array: readonly Value[], meter: Meter | undefined): Value[] {
  meter?.work(array.length)
  return [...array]
}

function applyNode(node: UpdateNode, value: Value | undefined, context: ApplyContext): Value | undefined {
  switch (node.kind) {
    case 'leaf':
      return node.apply(value, context)
    case 'elements':
      return applyElements(node, value, context)
    case 'fields':
    default:
      return applyFields(resolveMatched(node, context), value, context)
  }
}

/** `$` becomes the index of the matched element. */
function resolveMatched(node: FieldsNode, context: ApplyContext): FieldsNode {
  if (node.matched === undefined) return node
  if (context.position === undefined) {
    throw new DocumentValidationError('the positional $ cannot be resolved: the filter matched no array element', {
      reason: 'BadValue',
      path: context.at,
      hint: 'Match an element of the array in the filter.',
    })
  }
  const matched: FieldsNode = {
    kind: 'fields',
    fields: new Map([[String(context.position), node.matched]]),
    matched: undefined,
  }
  const fields: FieldsNode = { kind: 'fields', fields: node.fields, matched: undefined }
  return mergeNodes(fields, matched, context.at) as FieldsNode // two of fields merge to one of fields
}

function applyFields(node: FieldsNode, value: Value | undefined, context: ApplyContext): Value | undefined {
  if (isArray(value)) return applyIndices(node, value, context)
  const source = isObject(value) ? value : undefined
  const blocked = context.blocked === true || (value !== undefined && source === undefined)
  let changed: Record<string, Value> | undefined
  context.meter?.work(node.fields.size * STEPS_OF_A_FIELD)
  for (const [name, child] of node.fields) {
    const current = source === undefined ? undefined : getField(source, name)
    const result = applyNode(child, current, { ...context, at: inside(context.at, name), blocked })
    if (result === current) continue
    if (value !== undefined && source === undefined) throw notViable(context.at, name)
    changed ??= source === undefined ? {} : copyFields(source, context.meter)
    if (result === undefined) delete changed[name]
    else setField(changed, name, result)
  }
  return changed ?? value
}

function copyFields(source: Document, meter: Meter | undefined): Record<string, Value> {
  meter?.work(objectSteps(Object.keys(source).length))
  return { ...source }
}

function applyIndices(node: FieldsNode, array: readonly Value[], context: ApplyContext): Value {
  let changed: Value[] | undefined
  for (const [name, child] of node.fields) {
    const index = arrayIndex(name)
    const current = index === undefined ? undefined : (changed ?? array)[index]
    const at = inside(context.at, name)
    const result = applyNode(child, current, { ...context, at, blocked: index === undefined })
    if (result === current) continue
    if (index === undefined) throw notViable(context.at, name)
    changed ??= copyElements(array, context.meter)
    if (index > changed.length + maxPadding) {
      throw invalid('BadValue', `an array cannot be filled up by more than ${maxPadding} elements`, context.at)
    }
    context.meter?.work(Math.max(0, index - changed.length))
    while (changed.length < index) changed.push(null)
    // What is unset in an array becomes null, so that the others keep their places.
    changed[index] = result ?? null
  }
  return changed ?? array
}

function applyElements(node: ElementsNode, value: Value | undefined, context: ApplyContext): Value {
  if (value === undefined) throw invalid('BadValue', 'the array must exist to change its elements', context.at)
  if (!isArray(value)) throw invalid('BadValue', 'an updated element must be in an array', context.at)
  let changed: Value[] | undefined
  context.meter?.work(value.length * (1 + node.filters.size) * STEPS_OF_A_FIELD)
  for (const [index, element] of value.entries()) {
    const at = inside(context.at, index)
    const child = childOf(node, element, { ...context, at })
    if (child === undefined) continue
    const result = applyNode(child, element, { ...context, at }) ?? null
    if (result === element) continue
    changed ??= copyElements(value, context.meter)
    changed[index] = result
  }
  return changed ?? value
}

/** All changes for one element: several filters may hold for it. */
function childOf(node: ElementsNode, element: Value, context: ApplyContext): UpdateNode | undefined {
  let found: UpdateNode | undefined
  for (const [name, child] of node.filters) {
    if (name !== '' && context.filters.get(name)?.(element) !== true) continue
    found = found === undefined ? child : mergeNodes(found, child, context.at)
  }
  return found
}

function notViable(at: string, name: string): DocumentValidationError {
  return invalid('PathNotViable', 'a field cannot be created: its parent is not an object', inside(at, name))
}
