import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ConfigurationError } from './configuration-error.ts'
import { defineConfig } from './define-config.ts'
import { variableName } from '../core/setting/env-name.ts'
import * as setting from '../core/setting/schema.ts'

const entry = fc.record({ name: fc.stringMatching(/^[ -~]*[!-~][ -~]*$/), size: fc.integer(), on: fc.boolean() })
const shape = fc.record({ first: entry, manyOfThem: fc.array(entry, { maxLength: 12 }) })
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never

const ownEntry = setting.object({ name: setting.string(), size: setting.int(), on: setting.boolean() })
const own = defineConfig({
  anySection: setting.object({ first: ownEntry, manyOfThem: setting.withDefault(setting.list(ownEntry), '[]') }),
})
const foreignEntry = z.object({ name: z.string(), size: z.number(), on: z.boolean() })
const foreign = defineConfig({
  anySection: z.object({ first: foreignEntry, manyOfThem: z.array(foreignEntry).default([]) }),
})

describe('the environment', () => {
  it.each([
    ['built-in', own],
    ['foreign', foreign],
  ])('returns to a %s schema what was written into it, one variable for each value', async (_kind, definition) => {
    await fc.assert(
      fc.asyncProperty(shape, async (value) => {
        const { anySection } = await definition.load(envOf(value, []))
        expect(anySection).toEqual(value)
      }),
    )
  })

  it('returns what was written as JSON at any depth to a built-in schema', async () => {
    await fc.assert(
      fc.asyncProperty(shape, fc.constantFrom('section', 'parts', 'entries'), async (value, depth) => {
        const { anySection } = await own.load(jsonEnvOf(value, depth))
        expect(anySection).toEqual(value)
      }),
    )
  })

  it('leads to a value or to a ConfigurationError that repeats no value, whatever is in it', async () => {
    const name = fc.oneof(
      fc.string().map((text) => `LEX_ANY_SECTION__${text}`),
      fc.stringMatching(/^LEX_ANY_SECTION(__(FIRST|MANY_OF_THEM|PROTO|\d|SIZE|ON)){0,4}_{0,2}$/),
      fc.constantFrom('__proto__', 'constructor', 'LEX_ANY_SECTION____PROTO__'),
    )
    const value = fc.oneof(fc.string(), fc.json(), fc.anything())
    const secret = 'q7Zx-secret-q7Zx'
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, value)), async (variables) => {
        const env = Object.fromEntries([...variables, ['LEX_ANY_SECTION__FIRST__SIZE', secret] as const])
        const before = Object.entries(env)
        const error: unknown = await own.load(env).catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(ConfigurationError)
        expect(String(error) + JSON.stringify(error)).not.toContain(secret)
        expect(Object.entries(env)).toEqual(before)
        expect(Object.keys(Object.prototype)).toEqual([])
      }),
    )
  })
})

function envOf(value: unknown, path: readonly string[]): Record<string, string> {
  if (typeof value !== 'object' || value === null) return { [variableName('anySection', path)]: String(value) }
  const parts = Object.entries(value).map(([key, inner]) => envOf(inner, [...path, key]))
  return Object.assign({}, ...parts) as Record<string, string>
}

function jsonEnvOf(value: Shape, depth: string): Record<string, string> {
  if (depth === 'section') return { LEX_ANY_SECTION: JSON.stringify(value) }
  const first = { LEX_ANY_SECTION__FIRST: JSON.stringify(value.first) }
  if (depth === 'parts') return { ...first, LEX_ANY_SECTION__MANY_OF_THEM: JSON.stringify(value.manyOfThem) }
  const entries = value.manyOfThem.map((one, index) => [`LEX_ANY_SECTION__MANY_OF_THEM__${index}`, JSON.stringify(one)])
  return { ...first, ...(Object.fromEntries(entries) as Record<string, string>) }
}
