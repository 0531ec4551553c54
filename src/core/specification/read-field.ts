/**
 * All values that a condition on a dotted path is tested against: paths go through arrays of objects and take numeric
 * indices, and an array at the end stands for itself and for its elements, unless it was named by its index. A missing
 * field is one `undefined`.
 *
 * @see https://www.mongodb.com/docs/manual/tutorial/query-array-of-documents/
 */
export function readField(entity: object, path: string): readonly unknown[] {
  const reading: Reading = { segments: path.split('.'), found: [] }
  fromObject(entity, 0, reading)
  return reading.found
}

interface Reading {
  readonly segments: readonly string[]
  readonly found: unknown[]
}

function fromObject(object: object, at: number, reading: Reading): void {
  const { segments, found } = reading
  const value = member(object, segments[at] ?? '')
  const isLast = at === segments.length - 1
  if (Array.isArray(value)) {
    if (isLast) found.push(...value, value)
    else fromArray(value, at + 1, reading)
  } else if (isLast) found.push(value)
  else if (isObject(value)) fromObject(value, at + 1, reading)
  else found.push(undefined)
}

function fromArray(array: readonly unknown[], at: number, reading: Reading): void {
  const { segments, found } = reading
  for (const element of array) if (isObject(element)) fromObject(element, at, reading)
  const segment = segments[at] ?? ''
  if (!/^(?:0|[1-9]\d{0,9})$/.test(segment) || !(segment in array)) return
  const element = array[Number(segment)]
  if (at === segments.length - 1) found.push(element)
  else if (isObject(element)) fromObject(element, at + 1, reading)
  else if (Array.isArray(element)) fromArray(element, at + 1, reading)
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
