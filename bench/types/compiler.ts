import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toRows } from '../measure.ts'
import { printTable, writeResult } from '../report.ts'
import { libraries, programOf, schema } from './programs.ts'

const root = join(import.meta.dirname, '../..')
const compiler = join(root, 'node_modules/.bin/tsc')
const rounds = process.argv.includes('--quick') ? 3 : 11
const calls = 40

const folder = mkdtempSync(join(tmpdir(), 'lexigram-bench-types-'))
try {
  measure()
} finally {
  rmSync(folder, { recursive: true })
}

function measure(): void {
  // As a user has it: declarations that the compiler does not check.
  run('-p', join(root, 'tsconfig.build.json'), '--outDir', join(folder, 'dist'), '--emitDeclarationOnly')
  const names = Object.keys(libraries)
  for (const [index, name] of names.entries()) writeProject(join(folder, String(index)), name)
  const times = new Map(names.map((name) => [name, [] as number[]]))
  const instantiations = new Map<string, number[]>()
  for (let round = 0; round < rounds; round++) {
    for (const [index, name] of names.entries()) {
      const output = run('-p', join(folder, String(index)), '--extendedDiagnostics', '--singleThreaded')
      times.get(name)?.push(figure(output, 'Check time') * 1e9)
      instantiations.set(name, [figure(output, 'Instantiations')])
    }
  }
  report('time', { what: 'time to check', rows: toRows(times) })
  report('instantiations', {
    what: 'types instantiated',
    rows: toRows(instantiations),
    unit: (value) => value.toFixed(0),
  })
}

interface Table {
  readonly what: string
  readonly rows: ReturnType<typeof toRows>
  readonly unit?: (value: number) => string
}

function report(name: string, { what, rows, unit }: Table): void {
  printTable(`Types: ${calls} finds and ${calls} updates of a document of 60 fields, ${what}`, rows, unit)
  writeResult(`types-${name}`, rows)
}

function writeProject(project: string, name: string): void {
  const library = libraries[name]
  if (library === undefined) throw new Error(`there is no library ${name}`)
  mkdirSync(project)
  writeFileSync(join(project, 'schema.ts'), schema)
  writeFileSync(join(project, 'calls.ts'), programOf(library, calls))
  const compilerOptions = {
    target: 'ES2022',
    module: 'nodenext',
    lib: ['ES2024', 'ESNext.Disposable', 'WebWorker'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    paths: {
      'lexigram-edge/nosql': [join(folder, 'dist/src/nosql/index.d.ts')],
      mongodb: [join(root, 'node_modules/mongodb/mongodb.d.ts')],
    },
  }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['calls.ts'] }))
}

function run(...args: readonly string[]): string {
  const { status, stdout } = spawnSync(compiler, args, { encoding: 'utf8', timeout: 120_000 })
  if (status !== 0) throw new Error(`tsc ${args.join(' ')} failed:\n${stdout}`)
  return stdout
}

function figure(output: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+([\\d.]+)`, 'm').exec(output)?.[1]
  if (found === undefined) throw new Error(`the compiler did not say its ${name}`)
  return Number(found)
}
