import { setField } from '../../../core/plain-object.ts'
/** Applies an update tree to a value, without changing the value. */

import { DocumentValidationError } from '../../errors.ts'
import { objectSteps } from '../approximate-size.ts'
import type { Meter } from '../meter.ts'
import { arrayIndex, isObject } from '../path.ts'
import { inside } from '../refusal.ts'
import { invalid } from '../storable.ts'
import { type Document, getField, isArray, type Value } from '../value.ts'
import type { ArrayFilters } from './array-filters.ts'
import { type LeafContext, mergeNodes, type UpdateNode } from './update-node.ts'

export interface ApplyContext extends LeafContext {
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

export function applyNode(node: UpdateNode, value: Value | undefined, context: ApplyContext): Value | undefined {
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
  return mergeNodes(fields, matched, context.at) as FieldsNode
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
