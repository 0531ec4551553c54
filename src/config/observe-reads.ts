import { isContainer } from './env-value.ts'
import type { StandardSchemaV1 } from '../core/setting/standard-schema.ts'

/** An object that was given to a schema, and what the schema wanted to know of it. */
export interface Observed {
  readonly path: readonly string[]
  readonly given: readonly string[]
  /** The keys that it looked for. */
  readonly asked: ReadonlySet<string>
}

/**
 * Validates once more, to see which keys a schema looks for: nothing else shows what a foreign schema knows. Copying
 * an object does not count as looking for its keys; a schema that takes any key reads them all, and so knows them all.
 */
export async function observeReads(schema: StandardSchemaV1, value: unknown): Promise<readonly Observed[]> {
  const seen: Observed[] = []
  try {
    await schema['~standard'].validate(watch(value, [], seen))
  } catch {
    // A schema that fails on a proxy (`structuredClone` does) is a schema of which nothing is known.
    return []
  }
  return seen
}

function watch(value: unknown, path: readonly string[], seen: Observed[]): unknown {
  if (!isContainer(value)) return value
  const asked = new Set<string>()
  const entries = Object.entries(value).map(([key, entry]) => [key, watch(entry, [...path, key], seen)] as const)
  if (Array.isArray(value)) return entries.map(([, entry]) => entry)
  seen.push({ path, given: Object.keys(value), asked })
  const note = (key: PropertyKey): void => void (typeof key === 'string' && asked.add(key))
  return new Proxy<object>(Object.fromEntries(entries), {
    has: (target, key) => (note(key), Reflect.has(target, key)),
    get: (target, key): unknown => (note(key), Reflect.get(target, key)),
  })
}
