import { describe, expect, it } from 'vitest'
import { lambda } from '../../adapters/lambda/handler.ts'
import { serve } from '../../adapters/node/serve.ts'
import { vercel } from '../../adapters/vercel/handler.ts'
import { workers } from '../../adapters/workers/handler.ts'
import { defineConfig } from '../../src/config/define-config.ts'
import * as setting from '../../src/core/setting/schema.ts'
import { section } from '../../src/core/setting/section.ts'
import { createDocumentStore } from '../../src/nosql/store/document-store.ts'
import { NoSqlConfig } from '../../src/nosql/config.ts'
import { memory } from '../../src/nosql/drivers/memory/index.ts'
import { noSqlProvider } from '../../src/nosql/provider.ts'
import { createApplication } from '../../src/runtime/application.ts'
import { sharedRuntime } from '../../src/runtime/runtime-traits.ts'
import { pglite } from '../../src/sql/drivers/pglite/index.ts'
import { sqlProvider } from '../../src/sql/provider.ts'
import { startTestApplication } from '../../src/testing/test-application.ts'

const app = createApplication({ name: 'test' })
const junk: readonly unknown[] = [undefined, null, 7, 'hush', true, Symbol('x'), () => app]
const objects: readonly unknown[] = [{}, [], new Date(0)]

/** Calls as plain JavaScript makes them, each with what it gets in the place of its argument. */
const calls: Readonly<Record<string, readonly [call: (value: never) => unknown, wrong: readonly unknown[]]>> = {
  'createApplication(…)': [(value) => createApplication(value), junk],
  'createApplication({ providers: … })': [
    (providers) => createApplication({ name: 'x', providers }),
    [...junk.slice(1), {}],
  ],
  'createApplication({ providers: [ … ] })': [
    (value) => createApplication({ name: 'x', providers: [value] }),
    [...junk, ...objects],
  ],
  'createApplication({ config: … })': [
    (config) => createApplication({ name: 'x', config }),
    [...junk.slice(1), ...objects],
  ],
  'createApplication({ fetch: … })': [
    (fetch) => createApplication({ name: 'x', fetch }),
    [null, 7, 'hush', true, { fetch: () => new Response() }],
  ],
  'app.boot(…)': [(env) => app.boot(env), junk],
  'app.start(…)': [(env) => app.start(env, sharedRuntime), junk],
  'workers(…)': [(value) => workers(value), [...junk, ...objects]],
  'vercel(…)': [(value) => vercel(value), [...junk, ...objects]],
  'lambda(…)': [(value) => lambda(value), [...junk, ...objects]],
  'serve(…)': [(value) => serve(value), [...junk, ...objects]],
  'startTestApplication(…)': [(value) => startTestApplication(value), [...junk, ...objects]],
  'sqlProvider(…)': [(value) => sqlProvider(value), [...junk, ...objects]],
  'sqlProvider({ drivers: [ … ] })': [
    (value) => sqlProvider({ drivers: [value] }),
    [...junk, ...objects, pglite, memory()],
  ],
  'noSqlProvider(…)': [(value) => noSqlProvider(value), [...junk, ...objects]],
  'noSqlProvider({ drivers: [ … ] })': [(value) => noSqlProvider({ drivers: [value] }), [...junk, ...objects, memory]],
  'createDocumentStore(…)': [(value) => createDocumentStore(value), [...junk, ...objects, memory]],
  'defineConfig(…)': [(value) => defineConfig(value), junk],
  'defineConfig({ x: … })': [(value) => defineConfig({ x: value }), [...junk, ...objects]],
  'section(name, …)': [(value) => section('x', value), [...junk, ...objects]],
  'section(…)': [(value) => section(value, setting.object({})), [undefined, null, 7, 'no name', ...objects]],
}

async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call()
  } catch (error) {
    return error
  }
  return undefined
}

describe.each(Object.entries(calls))('%s', (_name, [call, wrong]) => {
  it.each(wrong.map((value) => [typeof value, value] as const))('says how to correct %s %o', async (_type, value) => {
    const error = await failureOf(() => call(value as never))
    expect(error).toMatchObject({ code: 'LEX_ERR_USE_001', hint: expect.any(String) })
    expect((error as Error).message).not.toContain('hush')
  })
})

describe('a factory that was not called', () => {
  it.each([
    ['pglite()', () => sqlProvider({ drivers: [pglite as never] })],
    ['memory()', () => noSqlProvider({ drivers: [memory as never] })],
    ['createApp()', () => workers(function createApp() {} as never)],
  ])('is refused with the advice to call it: %s', async (how, call) => {
    expect(await failureOf(call)).toMatchObject({ hint: expect.stringContaining(how) })
  })

  it('is accepted where a function belongs', async () => {
    const config = defineConfig({ nosql: NoSqlConfig })
    const right = createApplication({
      name: 'x',
      config,
      providers: [noSqlProvider({ drivers: [memory()] })],
      fetch: () => new Response(),
    })
    await using running = await right.boot({})
    expect(running.container.get(NoSqlConfig).scans).toBe('warn')
  })
})
