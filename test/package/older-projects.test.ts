import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { entries } from '../../tools/docs/entries.ts'
import { findPeers } from '../../tools/packages/peers.ts'
import { outcomeOf, output } from '../../tools/runtimes/run-program.ts'
import { workerdOnly } from './import-all.ts'
import { installPackage, type InstalledPackage } from './installed-package.ts'
import { createProject, type Project } from './project.ts'

const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8')
const onNode = entries().flatMap(({ specifier }) => (workerdOnly.includes(specifier) ? [] : [specifier]))

let installed: InstalledPackage
let project: Project
beforeAll(async () => {
  installed = await installPackage()
  installed.linkPeers()
  // CommonJS: a package.json without a type.
  project = createProject({})
  project.linkFrom(installed.folder, 'lexigram-edge')
  project.link('@types/node')
})
afterAll(() => {
  project[Symbol.dispose]()
  installed[Symbol.dispose]()
})

describe('a CommonJS project', () => {
  it('requires every entry that Node can load', async () => {
    project.write(
      'all.js',
      [
        `const counts = ${JSON.stringify(onNode)}.map((name) => Object.keys(require(name)).length)`,
        'console.log(JSON.stringify(counts))',
      ].join('\n'),
    )
    // The program prints a number for each.
    const counts = JSON.parse(await output(process.execPath, ['all.js'], project.folder)) as number[]
    expect(counts).toHaveLength(onNode.length)
    expect(counts.filter((count) => count === 0)).toEqual([])
  })

  it('runs when module nodenext has compiled it to require', async () => {
    const program = [
      "import { createApplication } from 'lexigram-edge'",
      "import { startTestApplication } from 'lexigram-edge/testing'",
      "const app = createApplication({ name: 'old', fetch: () => new Response('hello') })",
      'async function main() {',
      '  await using test = await startTestApplication(app)',
      "  console.log(await (await test.fetch('/')).text())",
      '}',
      'void main()',
    ]
    project.write('main.ts', program.join('\n'))
    await compile(['--module', 'nodenext', '--types', 'node'], 'main.ts')
    expect(readFileSync(join(project.folder, 'main.js'), 'utf8')).toContain('require("lexigram-edge")')
    expect(await output(process.execPath, ['main.js'], project.folder)).toBe('hello\n')
  })
})

describe('what docs/troubleshooting.md says of', () => {
  it('a library without the names that the package uses', async () => {
    const program = [
      "import { createApplication } from 'lexigram-edge'",
      "import { startTestApplication } from 'lexigram-edge/testing'",
      "const app = createApplication({ name: 'bare' })",
      'await using test = await startTestApplication(app)',
      "export const response: Response = await test.fetch('/')",
    ]
    project.write('bare.mts', program.join('\n'))
    const bare = await problems(['--module', 'nodenext', '--lib', 'es2022', '--types', ''], 'bare.mts')
    for (const message of ["Cannot find name 'Response'", "Cannot find global type 'AsyncDisposable'"]) {
      expect(bare).toContain(message)
      expect(page).toContain(message)
    }
    const library = ['--lib', 'es2022,esnext.disposable,webworker,webworker.iterable']
    expect(await problems(['--module', 'nodenext', ...library, '--types', ''], 'bare.mts')).toBe('')
  })

  const lowest = findPeers('lowest')
  it.skipIf(lowest === undefined)('a resolution that does not read exports (npm run setup:peers)', async () => {
    project.write('old.ts', "import { createApplication } from 'lexigram-edge'\ncreateApplication({ name: 'old' })\n")
    const tsc = join(lowest ?? '', 'typescript', 'bin', 'tsc')
    const options = ['--noEmit', '--strict', '--module', 'commonjs', '--moduleResolution', 'node10', '--skipLibCheck']
    const { status, stdout } = await outcomeOf(process.execPath, [tsc, ...options, 'old.ts'], project.folder)
    expect(status).not.toBe(0)
    expect(stdout).toContain("could not be resolved under your current 'moduleResolution' setting")
    expect(page).toContain("could not be resolved under your current 'moduleResolution' setting")
  })
})

const tsc = join(root, 'node_modules/.bin/tsc')
const base = ['--strict', '--target', 'es2022', '--skipLibCheck', '--pretty', 'false']

const compile = (options: readonly string[], file: string): Promise<string> =>
  output(tsc, [...base, ...options, file], project.folder)

async function problems(options: readonly string[], file: string): Promise<string> {
  const { stdout } = await outcomeOf(tsc, [...base, '--noEmit', ...options, file], project.folder)
  return stdout
}
