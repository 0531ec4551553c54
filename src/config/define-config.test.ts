import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ConfigurationError, type ConfigurationIssue } from './configuration-error.ts'
import { defineConfig, type ConfigDefinition, type SectionMap } from './define-config.ts'
import * as setting from '../core/setting/schema.ts'
import { reveal } from '../core/setting/secret.ts'
import { section } from '../core/setting/section.ts'

const Database = section(
  'database',
  setting.object({
    url: setting.secret(setting.string({ shape: 'a PostgreSQL URL', test: (text) => text.startsWith('postgres://') })),
    echo: setting.withDefault(setting.boolean(), false),
    poolSize: setting.withDefault(setting.int({ min: 1, max: 1000 }), 20),
    poolTimeout: setting.withDefault(setting.duration({ unit: 's' }), '30s'),
  }),
  { aliases: { url: ['DATABASE_URL', 'POSTGRES_URL'] } },
)

const Stores = section(
  'nosql',
  setting.object({
    mongodb: setting.object({ uri: setting.optional(setting.string()) }),
    backends: setting.withDefault(
      setting.list(setting.object({ name: setting.string(), primary: setting.withDefault(setting.boolean(), false) })),
      '[]',
    ),
  }),
  { aliases: { 'mongodb.uri': 'MONGODB_URI' } },
)

async function issuesOf<S extends SectionMap>(
  definition: ConfigDefinition<S>,
  env: object,
): Promise<readonly ConfigurationIssue[]> {
  const error: unknown = await definition.load(env).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ConfigurationError)) throw new Error('expected a ConfigurationError', { cause: error })
  return error.issues
}

describe('a configuration of built-in schemas', () => {
  const definition = defineConfig({ database: Database, nosql: Stores })

  it('reads variables, nested keys, list indices, numbers, booleans and durations', async () => {
    const config = await definition.load({
      LEX_DATABASE__URL: 'postgres://db/app',
      LEX_DATABASE__ECHO: 'yes',
      LEX_DATABASE__POOL_SIZE: '5',
      LEX_DATABASE__POOL_TIMEOUT: '1m30s',
      LEX_NOSQL__BACKENDS__0__NAME: 'primary',
      LEX_NOSQL__BACKENDS__0__PRIMARY: 'true',
      LEX_NOSQL__BACKENDS__1__NAME: 'analytics',
      LEX_NOSQL__MONGODB__URI: 'mongodb://m',
    })
    expect(reveal(config.database.url)).toBe('postgres://db/app')
    expect(config.database).toMatchObject({ echo: true, poolSize: 5, poolTimeout: 90_000 })
    expect(config.nosql).toEqual({
      mongodb: { uri: 'mongodb://m' },
      backends: [
        { name: 'primary', primary: true },
        { name: 'analytics', primary: false },
      ],
    })
  })

  it('takes ten entries in the order of their numbers', async () => {
    const env: Record<string, string> = { DATABASE_URL: 'postgres://x' }
    for (let index = 11; index >= 0; index--) env[`LEX_NOSQL__BACKENDS__${index}__NAME`] = `n${index}`
    const { nosql } = await definition.load(env)
    expect(nosql.backends.map((backend) => backend.name)).toEqual(Array.from({ length: 12 }, (_, i) => `n${i}`))
  })

  it('fills in defaults, a number without unit counting seconds where the schema says so', async () => {
    const { database } = await definition.load({ DATABASE_URL: 'postgres://x', LEX_DATABASE__POOL_TIMEOUT: '7' })
    expect(database).toMatchObject({ echo: false, poolSize: 20, poolTimeout: 7000 })
  })

  it('reads aliases in their order, after the own name', async () => {
    const both = { POSTGRES_URL: 'postgres://second', DATABASE_URL: 'postgres://first' }
    expect(reveal((await definition.load(both)).database.url)).toBe('postgres://first')
    const own = { ...both, LEX_DATABASE__URL: 'postgres://own' }
    expect(reveal((await definition.load(own)).database.url)).toBe('postgres://own')
    const json = { ...both, LEX_DATABASE: '{"url":"postgres://json"}' }
    expect(reveal((await definition.load(json)).database.url)).toBe('postgres://json')
  })

  it('takes JSON for a section or any part of it, with more specific variables laid over it', async () => {
    const { nosql } = await definition.load({
      DATABASE_URL: 'postgres://x',
      LEX_NOSQL: '{"mongodb":{"uri":"mongodb://json"},"backends":[{"name":"a"},{"name":"b"}]}',
      LEX_NOSQL__BACKENDS__1__PRIMARY: 'on',
    })
    expect(nosql.mongodb.uri).toBe('mongodb://json')
    expect(nosql.backends).toEqual([
      { name: 'a', primary: false },
      { name: 'b', primary: true },
    ])
  })

  it('takes plain objects, numbers and booleans that the platform binds', async () => {
    const { database } = await definition.load({
      LEX_DATABASE: Object.freeze({ url: 'postgres://x', pool_size: 3, echo: true }),
    })
    expect(database).toMatchObject({ poolSize: 3, echo: true })
  })

  it('counts empty text, null and undefined as not set', async () => {
    const env = {
      LEX_DATABASE__POOL_SIZE: '',
      LEX_DATABASE__ECHO: null,
      LEX_DATABASE__URL: undefined,
      DATABASE_URL: '',
    }
    expect(await issuesOf(definition, env)).toEqual([
      {
        section: 'database',
        variable: 'LEX_DATABASE__URL',
        aliases: ['DATABASE_URL', 'POSTGRES_URL'],
        message: 'is not set; expected a PostgreSQL URL',
      },
    ])
  })

  it('reports everything at once, by variable, without any value', async () => {
    const env = {
      DATABASE_URL: 'mysql://root:hunter2@db',
      LEX_DATABASE__POOL_SIZE: 'hunter3',
      LEX_DATABASE__POLL_SIZE: 'hunter4',
      LEX_NOSQL__BACKENDS__0__PRIMARY: 'hunter5',
    }
    const error = await definition.load(env).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({ code: 'LEX_ERR_CFG_001', status: 503 })
    expect(String(error)).toBe(
      [
        'ConfigurationError: the configuration has 5 problems:',
        '  LEX_DATABASE__POLL_SIZE: is not a setting here; expected an object with url, echo, poolSize, poolTimeout; did you mean LEX_DATABASE__POOL_SIZE?',
        '  DATABASE_URL: expected a PostgreSQL URL',
        '  LEX_DATABASE__POOL_SIZE: expected a whole number from 1 to 1000',
        '  LEX_NOSQL__BACKENDS__0__NAME: is not set; expected text',
        '  LEX_NOSQL__BACKENDS__0__PRIMARY: expected true or false',
      ].join('\n'),
    )
    expect(JSON.stringify(error)).not.toContain('hunter')
  })

  it('names the variable that holds JSON and the place in it', async () => {
    const env = { DATABASE_URL: 'postgres://x', LEX_NOSQL__BACKENDS: '[{"name":"a"},{"primary":"maybe"}]' }
    expect((await issuesOf(definition, env)).map((issue) => `${issue.variable}: ${issue.message}`)).toEqual([
      'LEX_NOSQL__BACKENDS: at 1.name: expected text',
      'LEX_NOSQL__BACKENDS: at 1.primary: expected true or false',
    ])
    const section = { LEX_DATABASE: '{"url":"postgres://x","poolSize":"many"}' }
    expect((await issuesOf(definition, section)).map((issue) => `${issue.variable}: ${issue.message}`)).toEqual([
      'LEX_DATABASE: at poolSize: expected a whole number from 1 to 1000',
    ])
    const broken = { LEX_DATABASE: '{"url":"postgres://x"' }
    expect((await issuesOf(definition, broken)).map((issue) => `${issue.variable}: ${issue.message}`)).toEqual([
      'LEX_DATABASE: expected an object with url, echo, poolSize, poolTimeout, in JSON; the text is not valid JSON',
    ])
  })

  it.each([
    [{ LEX_NOSQL__BACKENDS__1__NAME: 'b' }, 'LEX_NOSQL__BACKENDS__1__NAME', /no entry 0 before it/],
    [{ LEX_NOSQL__BACKENDS__999999999__NAME: 'b' }, 'LEX_NOSQL__BACKENDS__999999999__NAME', /no entry 0/],
    [{ LEX_NOSQL__MONGODB: 'text', LEX_NOSQL__MONGODB__URI: 'x' }, 'LEX_NOSQL__MONGODB', /LEX_NOSQL__MONGODB__URI/],
    [{ LEX_NOSQL____MONGODB: 'text' }, 'LEX_NOSQL____MONGODB', /not a proper name/],
    [{ LEX_NOSQL____PROTO____X: 'text' }, 'LEX_NOSQL____PROTO____X', /not a proper name/],
    [{ LEX_NOSQL__MONGODB__URI: 'a', lex_nosql__mongodb__uri: 'b' }, 'lex_nosql__mongodb__uri', /also set as/],
  ])('refuses what cannot be read: %j', async (env, variable, message) => {
    const issues = await issuesOf(definition, { DATABASE_URL: 'postgres://x', ...env })
    expect(issues).toContainEqual(expect.objectContaining({ variable, message: expect.stringMatching(message) }))
  })

  it('does not let JSON reach the prototype', async () => {
    const env = { DATABASE_URL: 'postgres://x', LEX_NOSQL: '{"__proto__":{"polluted":true},"backends":[]}' }
    const { nosql } = await definition.load(env)
    expect('polluted' in nosql).toBe(false)
    expect('polluted' in {}).toBe(false)
  })

  it('leaves other variables and other sections alone', async () => {
    const env = {
      DATABASE_URL: 'postgres://x',
      LEX_DATABASES__URL: 'x',
      LEX_OTHER__A: 'x',
      PATH: '/bin',
      LEX_ENV: 'test',
    }
    await expect(definition.load(env)).resolves.toBeDefined()
  })
})

describe('the environment', () => {
  const Storage = section(
    'storage',
    setting.object({ cache: setting.binding<{ get(key: string): unknown }>({ members: ['get'] }) }),
    { aliases: { cache: 'MY_KV' } },
  )
  class Namespace {
    get(key: string): string {
      return key
    }
  }

  it('hands bindings over as the same object', async () => {
    const kv = new Namespace()
    const definition = defineConfig({ storage: Storage })
    expect((await definition.load({ MY_KV: kv })).storage.cache).toBe(kv)
    expect((await definition.load({ LEX_STORAGE__CACHE: kv })).storage.cache).toBe(kv)
    expect((await issuesOf(definition, { MY_KV: 'text' }))[0]?.message).toMatch(/given as an object by the platform/)
  })

  it('hands bindings over to foreign schemas too', async () => {
    const kv = new Namespace()
    const definition = defineConfig({ storage: z.object({ cache: z.instanceof(Namespace), retries: z.number() }) })
    const { storage } = await definition.load({ LEX_STORAGE__CACHE: kv, LEX_STORAGE__RETRIES: '3' })
    expect(storage.cache).toBe(kv)
    expect(storage.retries).toBe(3)
  })

  it('may be a proxy that only lists', async () => {
    const env = new Proxy(Object.freeze({}), {
      ownKeys: () => [],
      get: () => {
        throw new Error('names that are not listed are not read')
      },
    })
    await expect(defineConfig({ database: Database }).load(env)).rejects.toThrow(ConfigurationError)
  })

  it('is never written to', async () => {
    const values: Record<string, unknown> = { LEX_DATABASE__URL: 'postgres://x', LEX_DATABASE__ECHO: '' }
    const forbidden = (): never => {
      throw new Error('written to')
    }
    const readOnly = new Proxy(
      {},
      {
        ownKeys: () => Object.keys(values),
        get: (_target, name) => (typeof name === 'string' ? values[name] : undefined),
        set: forbidden,
        deleteProperty: forbidden,
        defineProperty: forbidden,
      },
    )
    const { database } = await defineConfig({ database: Database }).load(readOnly)
    expect(reveal(database.url)).toBe('postgres://x')
  })

  it('is read again after a load that failed', async () => {
    const definition = defineConfig({ database: Database })
    const env: Record<string, string> = {}
    await expect(definition.load(env)).rejects.toThrow(ConfigurationError)
    env['DATABASE_URL'] = 'postgres://x'
    expect(reveal((await definition.load(env)).database.url)).toBe('postgres://x')
  })

  it('is read once per identity, also by concurrent loads', async () => {
    const definition = defineConfig({ database: Database })
    const env = { DATABASE_URL: 'postgres://x' }
    const [first, second] = await Promise.all([definition.load(env), definition.load(env)])
    expect(first).toBe(second)
    expect(await definition.load(env)).toBe(first)
    expect(await definition.load({ ...env })).not.toBe(first)
  })
})

const almostNames = [
  ['a letter is left out', 'LEX_DATABSE__POOL_SIZE', 'LEX_DATABASE__POOL_SIZE'],
  ['letters are swapped', 'LEX_DATAABSE__ECHO', 'LEX_DATABASE__ECHO'],
  ['one underscore stands for two', 'LEX_DATABASE_POOL_SIZE', 'LEX_DATABASE__POOL_SIZE'],
  ['both parts are misspelt', 'LEX_DATABSE__POLSIZE', 'LEX_DATABASE__POOL_SIZE'],
  ['the setting is further down', 'LEX_NSQL__MONGODB__URI', 'LEX_NOSQL__MONGODB__URI'],
  ['one underscore stands for two, further down', 'LEX_NOSQL_MONGODB_URI', 'LEX_NOSQL__MONGODB__URI'],
  ['it is an entry of a list', 'LEX_NSQL__BACKENDS__0__NAME', 'LEX_NOSQL__BACKENDS__0__NAME'],
  ['the schema is foreign', 'LEX_CATLOG__PAGE_SIZE', 'LEX_CATALOG__PAGE_SIZE'],
  ['the schema is foreign and spells keys in its own way', 'LEX_CATLOG__MAX_SIZE__X', 'LEX_CATALOG__MAX_SIZE__X'],
]

describe('a variable of no section', () => {
  const definition = defineConfig({
    database: Database,
    nosql: Stores,
    catalog: z.object({ pageSize: z.number().default(20), max_size: z.record(z.string(), z.string()).optional() }),
    level: z.enum(['low', 'high']).default('low'),
  })
  const warned = async (env: object): Promise<readonly string[]> => {
    const warnings: ConfigurationError[] = []
    await definition.load({ DATABASE_URL: 'postgres://x', ...env }, { onWarning: (error) => warnings.push(error) })
    return warnings.flatMap(({ issues }) => issues.map((issue) => `${issue.variable}: ${issue.message}`))
  }

  it.each(almostNames)('warns when %s', async (_how, variable, meant) => {
    expect(await warned({ [variable]: '[]' })).toEqual([`${variable}: belongs to no section; did you mean ${meant}?`])
  })

  it('is named beside what is missing', async () => {
    const issues = await issuesOf(definition, { LEX_DATABSE__URL: 'postgres://hunter2' })
    expect(issues.map((issue) => `${issue.variable}: ${issue.message}`)).toEqual([
      'LEX_DATABASE__URL: is not set; expected a PostgreSQL URL',
      'LEX_DATABSE__URL: belongs to no section; did you mean LEX_DATABASE__URL?',
    ])
  })

  it.each(['DATABSE_URL', 'DATABASE_URI', 'database_url'])(
    'called %s is named beside the missing alias',
    async (name) => {
      const issues = await issuesOf(definition, { [name]: 'postgres://hunter2', DATA_URL: 'x', PATH: 'x' })
      expect(issues.map((issue) => `${issue.variable}: ${issue.message}`)).toEqual([
        'LEX_DATABASE__URL: is not set; expected a PostgreSQL URL',
        `${name}: is read by nothing; did you mean DATABASE_URL?`,
      ])
      expect(await warned({ [name]: 'postgres://x' })).toEqual([])
    },
  )

  it.each([
    ['when the setting is set', { LEX_DATABSE__URL: 'x', LEX_DATABSE__ECHO: 'x', LEX_DATABASE__ECHO: 'true' }],
    ['when the section is given as a whole', { LEX_DATABASE: '{"url":"postgres://x"}', LEX_DATABSE__ECHO: 'x' }],
    ['when it is empty', { LEX_DATABSE__ECHO: '' }],
    ['when no setting has nearly that name', { LEX_DATABSE__HOST: 'x', LEX_MAIL__ECHO: 'x', LEX_ECHO: 'x' }],
    [
      'when it is a single word or something else entirely',
      { LEX_ENV: 'x', LEX_LEVE: 'x', LEX_LEVL__X: 'x', DATABSE: '' },
    ],
    ['when it only has another number', { LEX_CATALOG2__PAGE_SIZE: '1' }],
  ])('is left alone %s', async (_when, env) => {
    expect(await warned(env)).toEqual([])
  })
})

describe.each([
  [
    'zod',
    z.object({
      pageSize: z.number().int().min(1),
      title: z.string(),
      beta: z.boolean().default(false),
      ttl: z.number().optional(),
      tags: z.array(z.string()).default([]),
      limits: z.object({ daily: z.number() }),
    }),
  ],
  [
    'valibot',
    v.object({
      pageSize: v.pipe(v.number(), v.integer(), v.minValue(1)),
      title: v.string(),
      beta: v.optional(v.boolean(), false),
      ttl: v.optional(v.number()),
      tags: v.optional(v.array(v.string()), []),
      limits: v.object({ daily: v.number() }),
    }),
  ],
  [
    'arktype',
    type({
      pageSize: 'number.integer >= 1',
      title: 'string',
      beta: 'boolean = false',
      'ttl?': 'number',
      tags: type('string[]').default(() => []),
      limits: { daily: 'number' },
    }),
  ],
])('a bare %s schema', (_vendor, schema) => {
  const definition = defineConfig({ catalog: schema })
  const valid = { LEX_CATALOG__PAGE_SIZE: '20', LEX_CATALOG__TITLE: '123', LEX_CATALOG__LIMITS__DAILY: '9' }

  it('gets what it wants: text, numbers, booleans, durations, JSON or lists', async () => {
    const { catalog } = await definition.load(valid)
    expect(catalog).toEqual({ pageSize: 20, title: '123', beta: false, tags: [], limits: { daily: 9 } })
    const more = {
      LEX_CATALOG__BETA: 'true',
      LEX_CATALOG__TTL: '5m',
      LEX_CATALOG__TAGS: 'a, b',
      LEX_CATALOG__TITLE: '{}',
    }
    expect((await definition.load({ ...valid, ...more })).catalog).toEqual({
      pageSize: 20,
      title: '{}',
      beta: true,
      ttl: 300_000,
      tags: ['a', 'b'],
      limits: { daily: 9 },
    })
    const json = { LEX_CATALOG__PAGE_SIZE: '20', LEX_CATALOG__TITLE: 't', LEX_CATALOG__LIMITS: '{"daily":4}' }
    expect((await definition.load(json)).catalog.limits).toEqual({ daily: 4 })
    const single = { ...valid, LEX_CATALOG__TAGS: 'only', LEX_CATALOG__TAGS_: '' }
    expect((await definition.load(single)).catalog.tags).toEqual(['only'])
  })

  it('has every issue reported by variable, values left out', async () => {
    const issues = await issuesOf(definition, {
      LEX_CATALOG__PAGE_SIZE: 'hunter2',
      LEX_CATALOG__BETA: 'hunter3',
      LEX_CATALOG__TTL: 'hunter4',
      LEX_CATALOG__LIMITS__DAILY: 'hunter5',
    })
    expect(issues.map((issue) => issue.variable).toSorted()).toEqual([
      'LEX_CATALOG__BETA',
      'LEX_CATALOG__LIMITS__DAILY',
      'LEX_CATALOG__PAGE_SIZE',
      'LEX_CATALOG__TITLE',
      'LEX_CATALOG__TTL',
    ])
    expect(JSON.stringify(issues)).not.toContain('hunter')
    expect(issues.find((issue) => issue.variable.endsWith('TITLE'))?.message).toMatch(/^is not set; /)
  })

  it('has a misspelt setting reported, with the one that was probably meant', async () => {
    const env = { ...valid, LEX_CATALOG__BEAT: 'true', LEX_CATALOG: '{"tagz":["a"]}' }
    const issues = await issuesOf(definition, env)
    expect(issues.map(({ variable, message }) => `${variable}: ${message}`).toSorted()).toEqual([
      'LEX_CATALOG: at tagz: is not a setting here; did you mean tags?',
      'LEX_CATALOG__BEAT: is not a setting here; did you mean LEX_CATALOG__BETA?',
    ])
    const { LEX_CATALOG__PAGE_SIZE: _required, ...rest } = valid
    const missing = await issuesOf(definition, { ...rest, LEX_CATALOG__PAGE_SIE: '20' })
    expect(missing.map(({ variable }) => variable)).toEqual(['LEX_CATALOG__PAGE_SIE', 'LEX_CATALOG__PAGE_SIZE'])
  })

  it('takes a setting whose words are parted differently', async () => {
    const env = { LEX_CATALOG__PAGESIZE: '20', LEX_CATALOG__TITLE: 't', LEX_CATALOG__LIMITS__DAILY: '9' }
    expect((await definition.load({ ...env, LEX_CATALOG__T_T_L: '7' })).catalog).toMatchObject({ pageSize: 20, ttl: 7 })
  })

  it('leaves alone what has no likeness to a setting that is missing', async () => {
    await expect(
      definition.load({ ...valid, LEX_CATALOG__REGION: 'x', LEX_CATALOG__TITLES: 'y' }),
    ).resolves.toBeDefined()
  })

  it('reports a section of which nothing is set', async () => {
    expect((await issuesOf(definition, {})).map((issue) => issue.variable)).toContain('LEX_CATALOG__TITLE')
  })
})

describe('a foreign schema', () => {
  it('may be a union whose members differ in what they want of a variable', async () => {
    const definition = defineConfig({
      store: z.union([
        z.object({ kind: z.literal('memory') }),
        z.object({ kind: z.literal('remote'), port: z.number(), tls: z.boolean() }),
      ]),
    })
    const env = { LEX_STORE__KIND: 'remote', LEX_STORE__PORT: '5432', LEX_STORE__TLS: 'true' }
    expect((await definition.load(env)).store).toEqual({ kind: 'remote', port: 5432, tls: true })
  })

  it('may validate asynchronously with messages whose values are left out', async () => {
    const leaky = z.object({
      token: z.string().refine(async (text) => await Promise.resolve(text.length > 100), {
        error: (issue) => `"${String(issue.input)}" is short`,
      }),
    })
    const issues = await issuesOf(defineConfig({ auth: leaky }), { LEX_AUTH__TOKEN: 'line\none"two' })
    expect(issues).toEqual([
      { section: 'auth', variable: 'LEX_AUTH__TOKEN', aliases: [], message: '"[value]" is short' },
    ])
  })

  it('has values left out of its messages that came as JSON or as objects of the platform', async () => {
    const leaky = z.object({
      token: z.string().refine(() => false, { error: (issue) => `bad: ${String(issue.input)}` }),
    })
    const definition = defineConfig({ auth: leaky })
    for (const given of ['{"token":"hunter2"}', { token: 'hunter2' }]) {
      expect(await issuesOf(definition, { LEX_AUTH: given })).toEqual([
        { section: 'auth', variable: 'LEX_AUTH', aliases: [], message: 'at token: bad: [value]' },
      ])
    }
  })

  it('may spell its keys in its own way', async () => {
    const spelt = z.object({ max_size: z.number(), innerHTML: z.object({ APIKey: z.string() }) })
    const only = defineConfig({ cache: spelt })
    const either = defineConfig({ cache: z.union([spelt, z.object({ maxSize: z.string() })]) })
    const env = { LEX_CACHE__MAX_SIZE: '5', LEX_CACHE__INNER_HTML__API_KEY: 'k' }
    expect((await only.load(env)).cache).toEqual({ max_size: 5, innerHTML: { APIKey: 'k' } })
    expect((await either.load(env)).cache).toEqual({ maxSize: '5' })
    expect((await issuesOf(only, { LEX_CACHE__MAX_SIZE: 'x' })).map(({ variable }) => variable)).toEqual([
      'LEX_CACHE__MAX_SIZE',
      'LEX_CACHE__INNER_HTML',
    ])
  })

  it('may be a single value, or optional as a whole', async () => {
    const definition = defineConfig({ debug: z.boolean().optional(), level: z.enum(['low', 'high']).default('low') })
    expect(await definition.load({})).toEqual({ debug: undefined, level: 'low' })
    expect(await definition.load({ LEX_DEBUG: 'true', LEX_LEVEL: 'high' })).toEqual({
      debug: true,
      level: 'high',
    })
  })
})

describe('defineConfig', () => {
  it('makes every entry a token, bare schemas too', () => {
    const definition = defineConfig({ database: Database, catalog: z.object({}) })
    expect(definition.sections.database).toBe(Database)
    expect(definition.sections.catalog.name).toBe('catalog')
    expect(definition.sections.catalog.id).not.toBe(Database.id)
  })

  it('reads a section by its own name, whatever its key', async () => {
    const { main } = await defineConfig({ main: Database }).load({ LEX_DATABASE__URL: 'postgres://x' })
    expect(main.poolSize).toBe(20)
  })

  it('refuses two sections of one name', () => {
    expect(() => defineConfig({ a: Database, b: Database })).toThrow(
      /two sections cannot have the same name "database"/,
    )
  })

  it.each([undefined, null, 'DATABASE_URL=x'])('refuses to read from %j', async (env) => {
    const failure = expect(defineConfig({ main: Database }).load(env as never)).rejects
    await failure.toMatchObject({ code: 'LEX_ERR_USE_001', hint: expect.stringContaining('process.env') })
  })

  it('refuses a name that no variable can have', () => {
    expect(() => section('my-db', setting.object({}))).toThrow(/cannot name a section/)
  })

  it('refuses a default that its schema refuses', () => {
    expect(() => setting.withDefault(setting.int({ min: 1 }), 0)).toThrow(/must be a whole number, at least 1/)
  })
})
