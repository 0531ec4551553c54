import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../tools/commands/steps.ts'
import type { CodeBlock } from './code-blocks.ts'

interface Program {
  readonly block: CodeBlock
  readonly code: string
}

/** A program for each block, which starts with those that it continues. */
export function programsOf(all: readonly CodeBlock[]): Program[] {
  return all.map((block, index) => {
    let first = index
    while (all[first]?.words.includes('continued') === true && first > 0) first--
    const earlier = all.slice(first, index).map(({ code }) => code)
    return { block, code: [...earlier, block.code].join('\n') }
  })
}

/** The errors of the programs, at their lines in the documents. */
export function compile(programs: readonly Program[]): string[] {
  // A document's code is its own module, and an example may have unused names.
  const compilerOptions = { noEmit: true, noUnusedLocals: false, noUnusedParameters: false }
  const folder = writePrograms(programs, 'docs-types', compilerOptions)
  return linesPrinted('tsc', ['-p', folder, '--pretty', 'false'], programs)
}

/** What lint says of promises that nothing waits for, at their lines in the documents. */
export function unawaited(programs: readonly Program[]): string[] {
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
    if (found.length === 0) throw new Error(stdout, { cause: error })
    return found.map(([, index, row, message]) => {
      const { block, code } = programs[Number(index)] ?? { block: undefined, code: '' }
      const earlier = code.split('\n').length - (block?.code.split('\n').length ?? 0)
      return `${block?.document}:${(block?.line ?? 0) + Number(row) - earlier} ${message}`
    })
  }
}
