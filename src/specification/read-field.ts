/**
 * All values that a dotted path names in an entity: paths go through arrays of objects and take numeric indices. A
 * missing field is one `undefined`; a path that ends among an array's scalars names nothing.
 *
 * @see https://www.mongodb.com/docs/manual/core/document/#dot-notation
 */
export function readField(entity: object, path: string): readonly unknown[] {
  const found: unknown[] = []
  collect(entity, path.split('.'), 0, found)
  return found
}

function collect(value: unknown, segments: readonly string[], at: number, found: unknown[]): void {
  const segment = segments[at]
  if (segment === undefined) found.push(value)
  else if (Array.isArray(value)) collectFromArray(value, segments, at, found)
  else
    collect(typeof value === 'object' && value !== null ? member(value, segment) : undefined, segments, at + 1, found)
}

function collectFromArray(array: readonly unknown[], segments: readonly string[], at: number, found: unknown[]): void {
  const index = Number(segments[at])
  if (Number.isInteger(index) && index in array) collect(array[index], segments, at + 1, found)
  for (const element of array) {
    const isObject = typeof element === 'object' && element !== null && !Array.isArray(element)
    if (isObject) collect(element, segments, at, found)
  }
}

/** Getters of a class count as fields; methods and what every object inherits do not. */
function member(object: object, name: string): unknown {
  if (!Object.hasOwn(object, name) && name in Object.prototype) return undefined
  const value: unknown = Reflect.get(object, name)
  return typeof value === 'function' ? undefined : value
}
