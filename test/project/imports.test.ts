import { describe, expect, it } from 'vitest'
import { importCycles } from './import-cycles.ts'
import { violations } from './import-rules.ts'
import { modulesIn, parseModule } from './modules.ts'

const modules = modulesIn('src', 'adapters', 'examples')

describe('imports', () => {
  it('follow the layers: arrows point down, siblings do not know each other', () => {
    expect(modules.length).toBeGreaterThan(50)
    expect(modules.flatMap(violations)).toEqual([])
  })

  it('carry the extension, so that Node runs the source as it is', () => {
    const bare = modules.flatMap(({ path, imports }) =>
      imports
        .filter((specifier) => specifier.startsWith('.') && !/\.(?:ts|json)$/.test(specifier))
        .map((name) => [path, name]),
    )
    expect(bare).toEqual([])
  })
})

describe('circular imports', () => {
  it.each(['src/core', 'src/config', 'src/container', 'src/runtime', 'src/cli', 'adapters'])(
    'there are none in %s',
    (folder) => {
      const files = modulesIn(folder)
      expect(files.length).toBeGreaterThan(10)
      expect(importCycles(files)).toEqual([])
    },
  )

  it('are elsewhere no more than those that are known', () => {
    const groups = importCycles(modules)
    expect(groups.length, JSON.stringify(groups)).toBeLessThanOrEqual(9)
    expect(groups.flat().length, JSON.stringify(groups)).toBeLessThanOrEqual(28)
  })

  it('are found over several files, in types and in re-exports', () => {
    const files = [
      parseModule('src/a.ts', "import type { B } from './b.ts'"),
      parseModule('src/b.ts', "export { c } from './c/c.ts'"),
      parseModule('src/c/c.ts', "type A = import('../a.ts').A\nimport './d.ts'"),
      parseModule('src/c/d.ts', "import '../e.ts'"),
      parseModule('src/e.ts', ''),
    ]
    expect(importCycles(files)).toEqual([['src/a.ts', 'src/b.ts', 'src/c/c.ts']])
  })
})

describe('the rules', () => {
  it.each([
    ['src/core/result/a.ts', "import { x } from '../../config/define-config.ts'", 'core may not use config'],
    ['src/nosql/a.ts', "import type { X } from '../sql/session.ts'", 'nosql may not use sql'],
    ['src/nosql/a.ts', "export { x } from '../container/container.ts'", 'nosql may not use container'],
    ['src/nosql/a.ts', "type X = import('../runtime/application.ts').X", 'nosql may not use runtime'],
    ['src/sql/a.ts', "import pg from 'pg'", 'sql may not use the package pg'],
    ['src/sql/drivers/neon/a.ts', "import '../pglite/driver.ts'", 'sql/drivers/neon may not use sql/drivers/pglite'],
    ['src/runtime/a.ts', "await import('node:async_hooks')", 'only what runs on Node may use it'],
    ['examples/app/a.ts', "import { env } from 'cloudflare:workers'", 'only what runs on Workers may use it'],
    ['src/sql/a.ts', "import { x } from './index.ts'", 'import the file, not the index'],
    [
      'adapters/workers/a.ts',
      "import '../../src/runtime/invocation/end-with-body.ts'",
      'adapters/workers may not use runtime',
    ],
    ['adapters/workers/a.ts', "import '../lambda/event.ts'", 'adapters/workers may not use adapters/lambda'],
    ['examples/app/a.ts', "import '../../src/core/errors.ts'", 'examples may not use core'],
    ['src/misc/a.ts', '', 'src/misc/a.ts is in no area of the layout'],
  ])('refuse %s with %s', (path, text, problem) => {
    expect(violations(parseModule(path, text))).toEqual([expect.stringContaining(problem)])
  })

  it.each([
    ['adapters/workers/a.ts', "import { x } from '../../src/runtime/index.ts'"],
    ['src/sql/provider.ts', "import { x } from '../runtime/application.ts'"],
    ['src/sql/drivers/neon/a.ts', "import { neon } from '@neondatabase/serverless'\nimport '../../driver.ts'"],
    ['examples/worker/a.ts', "import { DurableObject } from 'cloudflare:workers'"],
    ['src/core/errors.ts', "/** @example import { x } from 'lexigram-edge' */\n// import('pg')"],
    ['examples/worker/index.ts', "import { workers } from 'lexigram-edge/workers'\nimport '../app/app.ts'"],
  ])('accept %s with %s', (path, text) => {
    expect(violations(parseModule(path, text))).toEqual([])
  })
})
