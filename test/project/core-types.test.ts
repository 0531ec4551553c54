import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'

const folder = join(root, '.lexigram', 'core-types')
const probes = {
  'node-global.ts': 'export const home = process.env.HOME',
  'node-module.ts': "import { readFileSync } from 'node:fs'\nexport const read = readFileSync",
  'workers-global.ts': 'export type Kv = KVNamespace',
  'newer-than-es2023.ts': 'export const grouped = Map.groupBy([1], (n) => n)',
  'portable.ts': "export const response = new Response(JSON.stringify([3, 1].toSorted()), { headers: { a: 'b' } })",
}

describe('the configuration under which the portable part is compiled', () => {
  beforeAll(() => {
    mkdirSync(folder, { recursive: true })
    for (const [name, text] of Object.entries(probes)) writeFileSync(join(folder, name), `${text}\n`)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(['tsconfig.core.json', 'tsconfig.build.json'])('%s knows no platform', (config) => {
    const own = { extends: `../../${config}`, include: ['*.ts'], exclude: [] }
    const compilerOptions = { noEmit: true, rootDir: '.' }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...own, compilerOptions }))
    expect(filesWithErrors()).toEqual(
      Object.keys(probes)
        .filter((name) => name !== 'portable.ts')
        .toSorted(),
    )
  })
})

function filesWithErrors(): string[] {
  try {
    execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder], { cwd: root, encoding: 'utf8' })
    return []
  } catch (error) {
    // A failed command carries what it printed.
    const { stdout } = error as { stdout: string }
    return [...new Set([...stdout.matchAll(/^[^\s(]*\/([a-z0-9-]+\.ts)\(/gm)].map(([, name]) => name ?? ''))].toSorted()
  }
}
