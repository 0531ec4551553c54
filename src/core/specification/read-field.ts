/**
 * All values that a condition on a dotted path is tested against: paths go through arrays of objects and take numeric
 * indices, and an array at the end stands for itself and for its elements, unless it was named by its index. A missing
 * field is one `undefined`.
 *
 * @see https://www.mongodb.com/docs/manual/tutorial/query-array-of-documents/
 */
export function readField(entity: object, path: string): readonly unknown[] {
  const found: unknown[] = []
  fromObject(entity, path.split('.'), 0, found)
  return found
}

function fromObject(object: object, segments: readonly string[], at: number, found: unknown[]): void {
  const value = member(object, segments[at] ?? '')
  const isLast = at === segments.length - 1
  if (Array.isArray(value)) {
    if (isLast) found.push(...value, value)
    else fromArray(value, segments, at + 1, found)
  } else if (isLast) found.push(value)
  else if (isObject(value)) fromObject(value, segments, at + 1, found)
  else found.push(undefined)
}

function fromArray(array: readonly unknown[], segments: readonly string[], at: number, found: unknown[]): void {
  for (const element of array) if (isObject(element)) fromObject(element, segments, at, found)
  const segment = segments[at] ?? ''
  if (!/^(?:0|[1-9]\d{0,9})$/.test(segment) || !(segment in array)) return
  const element = array[Number(segment)]
  if (at === segments.length - 1) found.push(element)
  else if (isObject(element)) fromObject(element, segments, at + 1, found)
  else if (Array.isArray(element)) fromArray(element, segments, at + 1, found)
}

function isObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  return !Array.isArray(value) && !(value instanceof Date) && !(value instanceof Uint8Array)
}

/** Getters of a class count as fields; methods and what every object inherits do not. */
function member(object: object, name: string): unknown {
  if (!Object.hasOwn(object, name) && name in Object.prototype) return undefined
  const value: unknown = Reflect.get(object, name)
  return typeof value === 'function' ? undefined : value
}
