import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleFunction } from '../../tools/lambda-function.ts'
import { compare, type Case } from '../measure.ts'
import { printTable, writeResult } from '../report.ts'
import { sections } from './cases.ts'

// The handlers alone, without the runtime client, whose own work is the most of an invocation's.
const quick = process.argv.includes('--quick')
const folder = mkdtempSync(join(tmpdir(), 'lexigram-bench-'))
const require = createRequire(join(folder, 'index.cjs'))

interface Module {
  readonly handler: (event: unknown, context: object) => Promise<unknown>
}

try {
  for (const [name, { title, event, functions }] of Object.entries(sections)) {
    const payload = JSON.stringify(event)
    const cases: Case[] = []
    for (const [peer, file] of Object.entries(functions)) {
      const { handler } = await load(`${name}-${file}`, file)
      const context = { awsRequestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd', getRemainingTimeInMillis: () => 30_000 }
      // Middleware changes events, so each invocation has its own, as it has on Lambda.
      cases.push({ name: peer, run: () => handler(JSON.parse(payload), context) })
    }
    const rows = await compare(cases, quick ? 5 : 11, quick ? 25 : 80)
    printTable(`${title}: the handler alone, Node ${process.versions.node}`, rows)
    writeResult(`lambda-handlers-${name}`, rows)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)

async function load(name: string, file: string): Promise<Module> {
  const path = join(folder, `${name}.cjs`)
  writeFileSync(path, await bundleFunction(join(import.meta.dirname, 'functions', `${file}.ts`)))
  // Every function exports a handler.
  return require(path) as Module
}
