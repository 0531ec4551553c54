import { inspect } from 'node:util'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ConfigurationError } from './configuration-error.ts'
import type { StandardSchemaV1 } from '../core/setting/standard-schema.ts'
import { defineConfig } from './define-config.ts'

const secret = 'hunter2-do-not-show'

/** The value of one variable after a schema has read it, or the messages of its issues. */
async function readWith(schema: z.ZodType | v.GenericSchema, text: unknown): Promise<unknown> {
  const shape = 'safeParse' in schema ? z.object({ it: schema }) : v.object({ it: schema })
  const definition = defineConfig({ some: shape })
  try {
    const { some } = await definition.load({ LEX_SOME__IT: text })
    return some.it
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.issues.map(({ variable, message }) => `${variable} ${message}`)
  }
}

describe('a schema that coerces to a boolean', () => {
  it.each(['false', '0', 'no', 'off', 'OFF', ' False '])('reads %j as false', async (text) => {
    expect(await readWith(z.coerce.boolean(), text)).toBe(false)
    expect(await readWith(v.pipe(v.unknown(), v.transform(Boolean)), text)).toBe(false)
  })

  it.each(['true', '1', 'yes', 'On'])('reads %j as true', async (text) => {
    expect(await readWith(z.coerce.boolean(), text)).toBe(true)
  })

  it.each(['falsch', 'disabled', 'null', '2', '{}'])('refuses %j', async (text) => {
    expect(await readWith(z.coerce.boolean(), text)).toEqual([
      'LEX_SOME__IT must be true or false (or yes, no, on, off, 1, 0)',
    ])
  })

  it('leaves words unchanged that the schema itself distinguishes', async () => {
    const words = z.stringbool({ truthy: ['enabled'], falsy: ['disabled'] })
    expect([await readWith(words, 'enabled'), await readWith(words, 'disabled')]).toEqual([true, false])
  })

  it('is checked inside JSON, too', async () => {
    const schema = z.object({ deep: z.coerce.boolean() })
    expect(await readWith(schema, '{"deep":"false"}')).toEqual([
      'LEX_SOME__IT at deep: must be true or false (or yes, no, on, off, 1, 0)',
    ])
  })
})

describe('a schema that coerces to a number', () => {
  it.each([
    [z.coerce.number(), '12', 12],
    [z.coerce.number(), ' 1e3 ', 1000],
    [v.pipe(v.string(), v.transform(Number)), '-0.5', -0.5],
  ])('takes text that spells one', async (schema, text, value) => {
    expect(await readWith(schema, text)).toBe(value)
  })

  it.each([
    [v.pipe(v.string(), v.transform(Number)), 'abc'],
    [v.pipe(v.string(), v.transform(Number.parseInt)), '12abc'],
    [z.string().transform((text) => Number.parseFloat(text)), '3 apples'],
    [z.string().transform((text) => text.length), 'four'],
  ])('refuses text that does not spell one', async (schema, text) => {
    expect(await readWith(schema, text)).toEqual(['LEX_SOME__IT must be a number'])
  })

  it('leaves units alone that the schema itself reads', async () => {
    const size = z
      .string()
      .regex(/^\d+MB$/)
      .transform((text) => Number.parseInt(text) * 1_000_000)
    expect(await readWith(size, '5MB')).toBe(5_000_000)
  })
})

describe('a schema that coerces to a date', () => {
  it.each(['2026-01-31', '2026-01-31T10:00:00Z', '1700000000000', 'Tue, 05 Nov 2024 10:00:00 GMT'])(
    'takes %j',
    async (text) => {
      expect(await readWith(z.coerce.date(), text)).toBeInstanceOf(Date)
    },
  )

  it.each(['banana 1', '1', '2024-02-31', 'May'])('refuses %j', async (text) => {
    expect(await readWith(z.coerce.date(), text)).toEqual([expect.stringMatching(/^LEX_SOME__IT /)])
  })
})

it.each(['', '  ', '\t\n'])('blank text %j counts as not set', async (text) => {
  expect(await readWith(z.coerce.number().default(7), text)).toBe(7)
  expect(await readWith(z.coerce.boolean().optional(), text)).toBe(undefined)
})

describe('a schema that throws', () => {
  const rejecting: StandardSchemaV1 = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: async (value) => {
        await Promise.resolve()
        const { it } = value as { it?: string }
        if (it !== undefined) throw new Error(it)
        return { value }
      },
    },
  }
  const thrower = (message: string) => (text: string) => {
    throw new Error(`${message} ${text}`, { cause: { text } })
  }
  const schemas = {
    'rejects later': rejecting,
    'parses JSON': z.object({ it: z.string().transform((text): unknown => JSON.parse(text)) }),
    'quotes the value': z.object({ it: z.string().transform(thrower('bad')) }),
    'throws a text': z.object({
      it: z.string().transform((text) => {
        // eslint-disable-next-line no-throw-literal, typescript/only-throw-error
        throw text
      }),
    }),
  }

  it.each(Object.entries(schemas))(
    'a schema that throws and %s ends in an error with no more than the name of the variable',
    async (_, schema) => {
      const error: unknown = await defineConfig({ some: schema })
        .load({ LEX_SOME__IT: secret })
        .catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ConfigurationError)
      expect((error as ConfigurationError).issues.map(({ variable }) => variable)).toEqual(['LEX_SOME__IT'])
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/hunter|show\b/)
    },
  )

  it('names only the variables that it throws for', async () => {
    const json = z.string().transform((text): unknown => JSON.parse(text))
    const definition = defineConfig({ some: z.object({ a: json, b: json, c: z.string() }) })
    const error: unknown = await definition
      .load({ LEX_SOME__A: '{"x":', LEX_SOME__B: 'oops', LEX_SOME__C: 'fine' })
      .catch((thrown: unknown) => thrown)
    expect((error as ConfigurationError).issues.map(({ variable }) => variable)).toEqual(['LEX_SOME__A', 'LEX_SOME__B'])
  })

  it('a schema that throws whatever is set is reported for the section', async () => {
    const broken = z.unknown().transform(() => {
      throw new Error('broken')
    })
    const error: unknown = await defineConfig({ some: broken })
      .load({ LEX_SOME__A: '1' })
      .catch((thrown: unknown) => thrown)
    expect((error as ConfigurationError).issues).toMatchObject([{ variable: 'LEX_SOME' }])
  })

  it('says that malformed JSON is malformed', async () => {
    expect(
      await readWith(
        z.string().transform((text): unknown => JSON.parse(text)),
        '{"a":',
      ),
    ).toEqual(['LEX_SOME__IT is not valid JSON'])
    expect(await readWith(z.object({ a: z.string() }), '{"a":')).toEqual([expect.stringMatching(/is not valid JSON/)])
  })

  it('a schema whose own message repeats what the engine says of JSON shows no part of the value', async () => {
    const schema = z.string().superRefine((text, context) => {
      try {
        JSON.parse(text)
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message })
      }
    })
    expect(await readWith(schema, secret)).toEqual(['LEX_SOME__IT is not valid JSON'])
  })
})
