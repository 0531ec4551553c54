import type { Modification } from '../../../contract/write.ts'
import type { UpdateOp } from '../../../query/update/parse-update.ts'
import { isArray, isDocument, type Value } from '../../../query/value.ts'
import { attributes } from '../codec/codec.ts'
import type { AttributeValue } from '../codec/attribute-values.ts'
import type { ExpressionBuilder } from '../reading/expression.ts'
import { numberEnd } from '../reading/number-range.ts'
import { numbersOf } from '../codec/number-notes.ts'
import { dateKey, encodeValue } from '../codec/value-codec.ts'

/** Parts of an update expression, and the conditions under which they mean what the update means. */
export interface NativeUpdate {
  readonly sets: readonly string[]
  readonly removes: readonly string[]
  readonly conditions: readonly string[]
}

interface Part {
  readonly set?: string
  readonly remove?: string
  readonly condition?: string
  /** A number with a fraction may be in the document from now on. */
  readonly fractions?: boolean
}

interface Place {
  readonly builder: ExpressionBuilder
  readonly now: Date
  /** Nothing else is changed. */
  readonly isOnly: boolean
}

/** Far below the 300 operators that an expression may have. */
const mostOps = 50

/**
 * The operators of an update in DynamoDB's words; undefined where these words do not say the same. A field must be there
 * already, for a new one has a place in the order of keys; a sum must be one of integers. Whether they are is a condition.
 */
export function nativeUpdate(
  change: Modification['change'],
  { builder, now }: Omit<Place, 'isOnly'>,
): NativeUpdate | undefined {
  if (change?.kind !== 'operators' || change.positional || change.arrayFilters.length > 0) return undefined
  const { ops } = change
  if (ops.length === 0 || ops.length > mostOps) return undefined
  const parts: Part[] = []
  for (const op of ops) {
    const part = partOf(op, { builder, now, isOnly: ops.length === 1 })
    if (part === undefined) return undefined
    parts.push(part)
  }
  const fractions = parts.some((part) => part.fractions === true)
  return {
    sets: [
      ...parts.flatMap(({ set }) => set ?? []),
      ...(fractions ? [`${builder.name(attributes.fractions)} = ${builder.value({ BOOL: true })}`] : []),
    ],
    removes: parts.flatMap(({ remove }) => remove ?? []),
    conditions: [
      `attribute_not_exists(${builder.name(attributes.bigints)})`,
      ...parts.flatMap(({ condition }) => condition ?? []),
    ],
  }
}

function partOf({ operator, path, operand }: UpdateOp, place: Place): Part | undefined {
  const parts = path.split('.')
  const value = operand as Value // checked by the parser
  switch (operator) {
    case '$set':
      return setPart(parts, value, place)
    case '$currentDate':
      return setPart(parts, new Date(place.now), place)
    case '$unset':
      // What is left of an inner object could look like a value of another type.
      return parts.length === 1 ? { remove: place.builder.path(parts) } : undefined
    case '$inc':
      return incPart(parts, value, place)
    case '$push':
      return pushPart(parts, operand, place)
    case '$min':
    case '$max':
      return place.isOnly ? extremePart(parts, value, { ...place, sign: operator === '$min' ? '>' : '<' }) : undefined
    default:
      return undefined
  }
}

function setPart(parts: readonly string[], value: Value, { builder }: Place): Part | undefined {
  if (!needsNoNote(value)) return undefined
  const path = builder.path(parts)
  return {
    set: `${path} = ${builder.value(encodeValue(value))}`,
    condition: `attribute_exists(${path})`,
    fractions: numbersOf(value).fractions,
  }
}

/** No condition can detect a fraction, so the document must have none. Both sums stay within the safe integers. */
function incPart(parts: readonly string[], value: Value, { builder }: Place): Part | undefined {
  if (!Number.isSafeInteger(value)) return undefined
  const added = Number(value)
  const path = builder.path(parts)
  const [low, high] = [Math.max(0, -added) - Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - Math.max(0, added)]
  const range = `${builder.value(encodeValue(low))} AND ${builder.value(encodeValue(high))}`
  return {
    set: `${path} = ${path} + ${builder.value(encodeValue(added))}`,
    condition: `${path} BETWEEN ${range} AND attribute_not_exists(${builder.name(attributes.fractions)})`,
  }
}

function pushPart(parts: readonly string[], operand: unknown, { builder }: Place): Part | undefined {
  const isList = isDocument(operand) && Object.hasOwn(operand, '$each')
  if (isList && Object.keys(operand).length > 1) return undefined
  const values: unknown = isList ? operand['$each'] : [operand]
  if (!isArray(values) || !needsNoNote(values)) return undefined
  const path = builder.path(parts)
  return {
    set: `${path} = list_append(${path}, ${builder.value(encodeValue(values))})`,
    condition: `attribute_type(${path}, ${builder.value({ S: 'L' })})`,
    fractions: numbersOf(values).fractions,
  }
}

/** Where the condition fails, the value is not to be changed, or is of another type, which the document then shows. */
function extremePart(
  parts: readonly string[],
  value: Value,
  { builder, sign }: Place & { readonly sign: '<' | '>' },
): Part | undefined {
  const isDate = value instanceof Date
  if (!isDate && typeof value !== 'number' && typeof value !== 'string') return undefined
  const encoded = encodeValue(value)
  if (!isDate && 'M' in encoded) return undefined
  const path = builder.path(parts)
  const compared = isDate ? builder.path([...parts, dateKey]) : path
  return {
    set: `${path} = ${builder.value(encoded)}`,
    condition: `${compared} ${sign} ${builder.value(comparedWith(value, sign))}`,
    fractions: numbersOf(value).fractions,
  }
}

/** What is read as a number is not less than it, and not more. */
function comparedWith(value: Date | number | string, sign: '<' | '>'): AttributeValue {
  if (value instanceof Date) return { N: String(value.getTime()) }
  if (typeof value === 'string') return encodeValue(value)
  const side = sign === '>' ? 'lower' : 'upper'
  return { N: numberEnd(side, { value, inclusive: false }, 'subset').operand }
}

/** Whether DynamoDB's types say everything of a value: no bigints, and no object whose keys have an order. */
function needsNoNote(value: Value): boolean {
  if (typeof value === 'bigint') return false
  if (isArray(value)) return value.every(needsNoNote)
  if (!isDocument(value) || '_bsontype' in value) return !isDocument(value)
  const fields = Object.values(value)
  return fields.length <= 1 && fields.every(needsNoNote)
}
