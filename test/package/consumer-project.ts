import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { entries } from '../../tools/docs/entries.ts'
import { output } from '../../tools/runtimes/run-program.ts'
import { root } from '../../tools/commands/steps.ts'

/** A project with the package and its peers, and the programs of `test/package/consumer` in it. */
export interface ConsumerProject {
  readonly folder: string
  readonly node: string
  /** Compiles the programs, and every entry, and returns what is wrong with them or with the package's declarations. */
  compile(): Promise<readonly string[]>
  /** Runs a compiled program, which prints JSON. */
  run(program: string, ...args: readonly string[]): Promise<unknown>
}

export interface ConsumerTools {
  /** The `node_modules` with the peers. */
  readonly modules: string
  /** The `node_modules` with Node and TypeScript. */
  readonly tools: string
  /** Libraries of types that the project has beside Node's. @default none: Node's types know the streams of the web */
  readonly lib?: readonly string[]
}

export function createConsumerProject({ modules, tools, lib = [] }: ConsumerTools): ConsumerProject {
  const folder = dirname(modules)
  const node = join(tools, '.bin', 'node')
  const programs = join(folder, 'consumer')
  return {
    folder,
    node,
    async compile() {
      rmSync(programs, { recursive: true, force: true })
      cpSync(join(root, 'test/package/consumer'), programs, { recursive: true })
      const all = entries().map(({ specifier }, index) => `export * as entry${index} from '${specifier}'`)
      writeFileSync(join(programs, 'every-entry.ts'), all.join('\n'))
      writeFileSync(join(programs, 'package.json'), JSON.stringify({ type: 'module' }))
      writeFileSync(
        join(programs, 'tsconfig.json'),
        JSON.stringify({
          compilerOptions: { ...compilerOptions, lib: [...compilerOptions.lib, ...lib] },
          include: ['*.ts'],
        }),
      )
      const tsc = join(tools, 'typescript', 'bin', 'tsc')
      const printed = await output(process.execPath, [tsc, '-p', 'consumer'], folder).catch(
        (error: Error) => error.message,
      )
      return printed.split('\n').filter((line) => /error TS\d+/.test(line) && !ofOthers.test(line))
    },
    run: async (program, ...args) =>
      JSON.parse(await output(node, [join('consumer', 'out', `${program}.js`), ...args], folder)) as unknown,
  }
}

/** Strict, with declarations checked, in a project that knows Node and nothing newer than it. */
const compilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  target: 'es2022',
  module: 'nodenext',
  lib: ['es2022', 'esnext.disposable'],
  types: ['node'],
  rootDir: '.',
  outDir: 'out',
}

/** What is wrong in the declarations of other packages, which most projects do not check either. */
const ofOthers = /^(?:\.\.\/)*node_modules\/(?!lexigram-edge\/)/
