import { sortedKeys } from './key-order.ts'

/** The order of the keys of an object, and of those within it: for codecs that read in one pass. */
export interface NotedOrder {
  /** Undefined: in the order that needs no note. */
  readonly keys: readonly string[] | undefined
  /** By key, or by the index of an element; undefined where nothing within is noted. */
  readonly within: ReadonlyMap<string, NotedOrder> | undefined
}

interface Branch extends NotedOrder {
  keys: readonly string[] | undefined
  within: Map<string, Branch> | undefined
}

/** The orders that notes hold: `[path, keys]` each. What is not such a pair is skipped: another program wrote it. */
export function notedOrder(orders: unknown): NotedOrder | undefined {
  if (!Array.isArray(orders) || orders.length === 0) return undefined
  const root: Branch = { keys: undefined, within: undefined }
  for (const order of orders as readonly unknown[]) {
    const [path, keys]: readonly unknown[] = Array.isArray(order) ? order : []
    if (!isTexts(path) || !isTexts(keys)) continue
    let branch = root
    for (const step of path) {
      branch.within ??= new Map()
      const inner = branch.within.get(step) ?? { keys: undefined, within: undefined }
      branch.within.set(step, inner)
      branch = inner
    }
    branch.keys = [...new Set(keys)]
  }
  return root
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

const none: readonly string[] = []

/**
 * The names of an object's fields in their order. Those that another program has added come last.
 *
 * @param apart fields of the object that are not among them
 */
export function keysInOrder(fields: object, order: NotedOrder | undefined, apart = none): readonly string[] {
  const isOwn = (key: string): boolean => Object.hasOwn(fields, key) && !apart.includes(key)
  const noted = order?.keys
  if (noted === undefined) return apart.length === 0 ? sortedKeys(fields) : sortedKeys(fields).filter(isOwn)
  const there = noted.every(isOwn) ? noted : noted.filter(isOwn)
  if (there.length + apart.length === Object.keys(fields).length) return there
  const seen = new Set(there)
  return [...there, ...sortedKeys(fields).filter((key) => isOwn(key) && !seen.has(key))]
}
