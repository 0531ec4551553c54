import { setField } from '../../../core/plain-object.ts'
import { isArray, isDocument, type Document, type Value } from '../../query/value.ts'

/**
 * A document whose 64-bit integers within the safe range are numbers, as MongoDB's driver returns them, so that it can be
 * sent as JSON. The document itself where it has none of them.
 */
export function withShortLongs(document: Document): Document {
  return shortened(document) as Document // an object stays one
}

function shortened(value: Value): Value {
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : value
  if (isArray(value)) {
    let changed: Value[] | undefined
    for (const [index, element] of value.entries()) {
      const short = shortened(element)
      if (short !== element) (changed ??= [...value])[index] = short
    }
    return changed ?? value
  }
  if (!isDocument(value)) return value
  let changed: Record<string, Value> | undefined
  for (const name in value) {
    const field = value[name] as Value // `name` is one of its keys
    const short = typeof field === 'object' || typeof field === 'bigint' ? shortened(field) : field
    if (short !== field) {
      changed ??= { ...value }
      setField(changed, name, short)
    }
  }
  return changed ?? value
}

function isSafe(value: bigint): boolean {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
}
