import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { root } from '../../tools/commands/steps.ts'
import { compile, programsOf, unawaited } from './block-programs.ts'
import {
  codeBlocksOf,
  containsParts,
  documents,
  fileOf,
  parseCodeBlocks,
  partsOf,
  type CodeBlock,
} from './code-blocks.ts'
import { linesOf, problemOf } from './shell-lines.ts'

const blocks = documents().flatMap(codeBlocksOf)
const place = (block: CodeBlock) => `${block.document}:${block.line}`
const fragments = blocks.filter((block) => fileOf(block) !== undefined)
const whole = (...languages: readonly string[]) =>
  blocks.filter((block) => languages.includes(block.language) && fileOf(block) === undefined)

describe('code in documents', () => {
  it('is of a kind that is tested', () => {
    const untested = blocks.filter((block) => fileOf(block) === undefined && !tested.includes(block.language))
    expect(untested.map((block) => `${place(block)} ${block.language}`)).toEqual([])
  })

  it('is part of the file that it names', () => {
    const wrong = fragments.filter((block) => {
      const path = join(root, fileOf(block) ?? '')
      return !existsSync(path) || !containsParts(readFileSync(path, 'utf8'), partsOf(block.code))
    })
    expect(wrong.map((block) => `${place(block)} ${fileOf(block)}`)).toEqual([])
  })

  it('compiles with the published names, each block by itself unless it continues the one before it', () => {
    expect(compile(programsOf(whole('ts', 'typescript')))).toEqual([])
  })

  it('waits for every promise while what it needs is held', () => {
    expect(unawaited(programsOf(whole('ts', 'typescript')))).toEqual([])
  })

  it('is JSON where it says so', () => {
    for (const block of whole('json')) expect(() => JSON.parse(block.code) as unknown, place(block)).not.toThrow()
  })

  it('uses commands that exist', () => {
    const problems = whole('sh', 'bash', 'console').flatMap((block) =>
      linesOf(block.code).flatMap((line) => {
        const problem = problemOf(line)
        return problem === undefined ? [] : [`${place(block)} ${problem}`]
      }),
    )
    expect(problems).toEqual([])
  })
})

describe('links in documents', () => {
  it('lead to files that exist', () => {
    const broken = documents().flatMap((document) =>
      localLinksOf(document)
        .filter((target) => !existsSync(join(root, dirname(document), target)))
        .map((target) => `${document} ${target}`),
    )
    expect(broken).toEqual([])
  })

  it('lead to what is packed, from documents that are packed', () => {
    const packed = ['README.md', 'LICENSE', 'package.json', ...packageJson.files]
    const isPacked = (path: string): boolean => packed.some((name) => path === name || path.startsWith(`${name}/`))
    const lost = documents()
      .filter(isPacked)
      .flatMap((document) =>
        localLinksOf(document)
          .map((target) => posix.join(posix.dirname(document), target))
          .filter((path) => !isPacked(path))
          .map((path) => `${document} ${path}`),
      )
    expect(lost).toEqual([])
  })
})

/** The files that a document links to, as written. */
function localLinksOf(document: string): readonly string[] {
  const text = readFileSync(join(root, document), 'utf8').replaceAll(/^(`{3,})[\s\S]*?^\1/gm, '')
  const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? '')
  return targets.filter((target) => !/^(?:https?|mailto):/.test(target))
}

describe('the test of documents', () => {
  const sample = parseCodeBlocks(
    'a.md',
    'text\n\n```ts\nconst a = 1\n```\n\n1. list\n\n   ```ts continued\n   // …\n     a + 1\n   ```\n\n````md\n```sh\n````\n',
  )

  it('reads fences with their words, indented and nested', () => {
    expect(sample.map(({ line, language, words, code }) => ({ line, language, words, code }))).toEqual([
      { line: 3, language: 'ts', words: [], code: 'const a = 1' },
      { line: 9, language: 'ts', words: ['continued'], code: '// …\n  a + 1' },
      { line: 14, language: 'md', words: [], code: '```sh' },
    ])
    expect(() => parseCodeBlocks('a.md', '```ts\n')).toThrow('never closed')
  })

  it('finds parts in their order only', () => {
    const parts = partsOf('// a.ts\nfunction f() {\n// …\n  return 1\n}')
    expect(parts).toEqual(['function f() {', '  return 1\n}'])
    expect(containsParts('export {}\n  function f() {\n    g()\n    return 1\n  }', parts)).toBe(true)
    expect(containsParts('return 1\n}\nfunction f() {', parts)).toBe(false)
    expect(containsParts('function f() {\n  return 2\n}', parts)).toBe(false)
  })

  it('refuses code, names or commands that do not exist', () => {
    const block = {
      document: 'a.md',
      line: 1,
      language: 'ts',
      words: [],
      code: "import { nothing } from 'lexigram-edge'",
    }
    expect(compile(programsOf([block]))).toEqual([expect.stringMatching(/^a\.md:2 .*nothing/)])
    const left = `async function f() {
  await using held = { async [Symbol.asyncDispose]() {} }
  return Promise.resolve(held)
}
Promise.resolve(f)`
    expect(unawaited(programsOf([{ ...block, code: left }]))).toEqual([
      expect.stringMatching(/^a\.md:4 .*return-await/),
      expect.stringMatching(/^a\.md:6 .*no-floating-promises/),
    ])
    expect(problemOf('npm run fly')).toBe('package.json has no script fly')
    expect(problemOf('npm test')).toBeUndefined()
    expect(problemOf('npx lexigram-edge doctor --url pglite:./data?role=x')).toBeDefined()
    expect(problemOf('curl https://example.com')).toBeDefined()
    expect(problemOf('rm -rf /')).toBeDefined()
  })
})

const tested = ['ts', 'typescript', 'json', 'sh', 'bash', 'console', 'text', 'mermaid']
