import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isLexigramError } from '../../src/core/errors.ts'
import { root } from '../../tools/commands/steps.ts'
import { entries } from '../../tools/docs/entries.ts'

/** What is not called, and why. */
const leftOut: Readonly<Record<string, string>> = {
  ConfigurationError: 'only the package makes it',
  ContainerValidationError: 'only the package makes it',
  BulkWriteError: 'only the package makes it',
  startInspector: 'it listens, and its options have tests',
}

/** Entry points that only workerd can load: their imports exist nowhere else. */
const onlyInWorkerd = ['lexigram-edge/workers/entrypoints', 'lexigram-edge/workers/tracing']

const wrong: readonly unknown[] = [
  undefined,
  null,
  7,
  'x',
  true,
  Symbol('x'),
  () => 1,
  [7],
  {},
  new Map(),
  Promise.resolve(1),
  new Error('x'),
]

const argumentsWith = (value: unknown): readonly (readonly unknown[])[] => [
  [],
  [value],
  [value, value],
  [value, value, value],
  ['x', value],
  [{}, value],
  [() => 1, value],
  [[], value],
  ['x', 'x', value],
]

type Call = (...given: readonly unknown[]) => unknown
type Construct = new (...given: readonly unknown[]) => unknown

const isClass = (value: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(value))

/** The errors that are not typed, each once. */
async function untyped(exported: unknown): Promise<string[]> {
  const found = new Set<string>()
  for (const given of wrong.flatMap(argumentsWith)) {
    try {
      const made = isClass(exported)
        ? Reflect.construct(exported as Construct, given)
        : Reflect.apply(exported as Call, undefined, given)
      if (made instanceof Promise) await made
    } catch (error) {
      if (!isLexigramError(error)) found.add(String(error))
    }
  }
  return [...found]
}

/** Several entry points export the same. */
const seen = new Set<unknown>()

describe.each(entries().filter(({ specifier }) => !onlyInWorkerd.includes(specifier)))(
  'everything that $specifier exports',
  ({ source }) => {
    it('answers wrong arguments with a result or a typed error', async () => {
      const exported = (await import(/* @vite-ignore */ join(root, source))) as Readonly<Record<string, unknown>>
      const callable = Object.entries(exported).filter(([, value]) => typeof value === 'function')
      const found: Record<string, readonly string[]> = {}
      for (const [name, value] of callable) {
        if (name in leftOut || seen.has(value)) continue
        seen.add(value)
        const errors = await untyped(value)
        if (errors.length > 0) found[name] = errors
      }
      expect(found).toEqual({})
    })
  },
)
