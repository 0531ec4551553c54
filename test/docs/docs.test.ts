import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { root } from '../../tools/commands/steps.ts'
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

  it('stands in the file that it names', () => {
    const wrong = fragments.filter((block) => {
      const path = join(root, fileOf(block) ?? '')
      return !existsSync(path) || !containsParts(readFileSync(path, 'utf8'), partsOf(block.code))
    })
    expect(wrong.map((block) => `${place(block)} ${fileOf(block)}`)).toEqual([])
  })

  it('compiles with the published names, each block by itself unless it continues the one before it', () => {
    expect(compile(programsOf(whole('ts', 'typescript')))).toEqual([])
  })

  it('waits for every promise, and before what it depends on is released', () => {
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
    expect(problemOf('curl https://example.com')).toBeDefined()
    expect(problemOf('rm -rf /')).toBeDefined()
  })
})

const tested = ['ts', 'typescript', 'json', 'sh', 'bash', 'console', 'text', 'mermaid']

interface Program {
  readonly block: CodeBlock
  readonly code: string
}

/** A program for each block, which starts with those that it continues. */
function programsOf(all: readonly CodeBlock[]): Program[] {
  return all.map((block, index) => {
    let first = index
    while (all[first]?.words.includes('continued') === true && first > 0) first--
    const earlier = all.slice(first, index).map(({ code }) => code)
    return { block, code: [...earlier, block.code].join('\n') }
  })
}

/** The errors of the programs, at their lines in the documents. */
function compile(programs: readonly Program[]): string[] {
  // A document's code is its own module, and unused names are no mistake in an example.
  const compilerOptions = { noEmit: true, noUnusedLocals: false, noUnusedParameters: false }
  const folder = writePrograms(programs, 'docs-types', compilerOptions)
  return linesPrinted('tsc', ['-p', folder, '--pretty', 'false'], programs)
}

/** What lint says of promises that nothing waits for, at their lines in the documents. */
function unawaited(programs: readonly Program[]): string[] {
  const folder = writePrograms(programs, 'docs-lint', {})
  const config = join(folder, 'oxlint.json')
  const rules = {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
  }
  writeFileSync(config, JSON.stringify({ plugins: ['typescript'], categories: { correctness: 'off' }, rules }))
  // Files that git ignores are linted only by name.
  const files = programs.map((_, index) => join(folder, `block-${index}.ts`))
  return linesPrinted('oxlint', ['--type-aware', '--no-ignore', '-c', config, '-f', 'unix', ...files], programs)
}

/** Writes each program to a file of a fresh folder. */
function writePrograms(programs: readonly Program[], name: string, compilerOptions: object): string {
  const folder = join(root, '.lexigram', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  // What Workers add to the platform is declared beside what uses it.
  const include = ['*.ts', '../../adapters/workers/entrypoints/cloudflare.d.ts']
  const config = { extends: '../../tsconfig.json', compilerOptions, include }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  programs.forEach(({ code }, index) => writeFileSync(join(folder, `block-${index}.ts`), `${code}\nexport {}\n`))
  return folder
}

/** What a failed command prints of the programs' files, at their lines in the documents; nothing of one that passes. */
function linesPrinted(command: string, args: readonly string[], programs: readonly Program[]): string[] {
  if (programs.length === 0) return []
  try {
    execFileSync(join(root, 'node_modules', '.bin', command), args, { cwd: root, encoding: 'utf8' })
    return []
  } catch (error) {
    // A failed command carries what it printed.
    const { stdout } = error as { stdout: string }
    const found = [...stdout.matchAll(/block-(\d+)\.ts[(:](\d+)[,:]\d+\)?: (?:error )?(.*)/g)]
    expect(found, stdout).not.toEqual([])
    return found.map(([, index, row, message]) => {
      const { block, code } = programs[Number(index)] ?? { block: undefined, code: '' }
      const earlier = code.split('\n').length - (block?.code.split('\n').length ?? 0)
      return `${block?.document}:${(block?.line ?? 0) + Number(row) - earlier} ${message}`
    })
  }
}
