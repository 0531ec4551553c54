import type { CollectionSpec } from '../../contract/define-collection.ts'
import type { Modification } from '../../contract/write.ts'
import type { UpdateOp, UpdateTree } from '../../query/update/parse-update.ts'
import { isArray, isDocument, type Value } from '../../query/value.ts'
import { isVendorValue } from '../../query/vendor-value.ts'
import type { CollectionScope } from '../collection-scope.ts'
import { overlap } from '../writing/touched-paths.ts'
import { holdsDeclaredTypes, isOfDeclaredType } from './declared-fields.ts'
import { sizeOfValue } from './document-size.ts'
import { checkedFields } from './to-stored.ts'

/**
 * Whether the operands of a modification alone show that every document which it makes passes the checks of this package,
 * so that a backend may do it without reading. What is too large, the backend refuses itself.
 */
export function isProven(scope: CollectionScope, { change, insert, seed, upsert }: Modification): boolean {
  if (change === null) return true
  const upserted = seed ?? insert
  if (upserted !== undefined && !passes(upserted)) return false
  switch (change.kind) {
    case 'replacement':
      return passes(() => checkedFields(scope, change.document))
    case 'pipeline':
      return provesPipeline(scope, change, upsert)
    case 'operators':
    default:
      return change.ops.every((op) => provesOp(scope, op))
  }
}

function passes(check: () => unknown): boolean {
  try {
    check()
    return true
  } catch {
    // The way that reads first refuses it with this error, where a document is concerned.
    return false
  }
}

/** What a server computes is known by the fields that it is computed for. It keeps the `_id` of a document that is there. */
function provesPipeline(
  { session, spec }: CollectionScope,
  { stages }: Extract<UpdateTree, { kind: 'pipeline' }>,
  upsert: boolean,
): boolean {
  if (session.store.backend.capabilities.evaluates !== 'server') return false
  const declared = Object.keys(spec?.fields ?? {})
  const kept = ['_rev', ...(upsert ? ['_id'] : []), ...declared]
  return stages.every((stage) => {
    const [[name, fields] = []] = Object.entries<unknown>(stage)
    const isSet = name === '$set' || name === '$addFields'
    // The other stages make a whole document.
    if (!isSet && name !== '$unset') return declared.length === 0
    const paths = name === '$unset' ? [fields].flat() : isDocument(fields) ? Object.keys(fields) : []
    // The server refuses what cannot be a path.
    const isPath = (path: unknown): path is string => typeof path === 'string' && !path.startsWith('$')
    return paths.every((path) => !isPath(path) || !kept.some((other) => overlap(path, other)))
  })
}

function provesOp({ session, spec }: CollectionScope, op: UpdateOp): boolean {
  const { limits } = session.store.backend.capabilities
  const parts = op.path.split('.')
  if (op.operator === '$rename' || parts[0] === '_id' || parts[0] === '_rev') return false
  if (parts.some((name) => limits.fieldNames.refused?.pattern.test(name) === true)) return false
  if (!provesNumber(op)) return false
  // Conditions of `$pull` are not stored; what else an operator has is stored at its path or below.
  if (op.operator !== '$pull' && op.operator !== '$unset') {
    const size = sizeOfValue(op.operand as Value, limits)
    if (size.objectIds && !limits.objectIds) return false
    if (size.refusedDate || size.refusedName !== undefined || parts.length + size.depth > limits.depth) return false
    if (!limits.nestedArrays && (size.nestedArrays || mayNestArrays(op, parts))) return false
  }
  return spec === undefined || provesTypes(spec, op)
}

/** Arithmetic that cannot leave the finite numbers: a double plus less than half of its last place stays what it is. */
function provesNumber({ operator, operand }: UpdateOp): boolean {
  // The server makes a decimal of it, which has no range that can be left.
  if (isVendorValue(operand)) return true
  if (operator === '$inc') return Math.abs(Number(operand)) <= Number.MAX_SAFE_INTEGER
  return operator !== '$mul' || Math.abs(Number(operand)) <= 1
}

function mayNestArrays({ operator, operand }: UpdateOp, parts: readonly string[]): boolean {
  const last = parts.at(-1) ?? ''
  const intoElement = last.startsWith('$') || /^\d+$/.test(last)
  if (operator === '$push' || operator === '$addToSet') return isArray(operand) || hasArrayInEach(operand)
  return intoElement && isArray(operand)
}

function hasArrayInEach(operand: unknown): boolean {
  const each: unknown = isDocument(operand) ? operand['$each'] : undefined
  return isArray(each) && each.some(isArray)
}

function provesTypes({ fields }: CollectionSpec, op: UpdateOp): boolean {
  return Object.entries(fields).every(([declared, type]) => {
    if (!overlap(op.path, declared)) return true
    const { operator, operand } = op
    if (operator === '$unset') return !declared.startsWith('$')
    if (op.path !== declared) return operator === '$set' && setsDeclared(op, declared, type)
    if (operator === '$inc' || operator === '$mul' || operator === '$bit')
      return type === 'number' && !isVendorValue(operand)
    if (operator === '$currentDate') return type === 'date'
    return valueOperators.has(operator) && isOfDeclaredType(operand as Value, type) // they take a value
  })
}

const valueOperators: ReadonlySet<string> = new Set(['$set', '$setOnInsert', '$min', '$max'])

/** An object put above a declared path, such as `{ $set: { address: { zip: 1 } } }`. */
function setsDeclared({ path, operand }: UpdateOp, declared: string, type: CollectionSpec['fields'][string]): boolean {
  if (!declared.startsWith(`${path}.`)) return false
  return holdsDeclaredTypes({ [declared.slice(path.length + 1)]: type }, operand as Value)
}
