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
 * Validates once more and records which keys the schema reads, because a foreign schema does not list them. Copying an
 * object does not count as reading its keys. A schema that accepts any key reads all of them.
 */
export async function observeReads(schema: StandardSchemaV1, value: unknown): Promise<readonly Observed[]> {
  const seen: Observed[] = []
  try {
    await schema['~standard'].validate(watch(value, [], seen))
  } catch {
    // Some schemas fail on a proxy, as `structuredClone` does: then no key is known.
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
