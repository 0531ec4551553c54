import { spawnSync } from 'node:child_process'
import { builtinModules } from 'node:module'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { shuffle, toRows } from '../measure.ts'
import { printTable, writeResult } from '../report.ts'
import { peers } from './peers.ts'

const count = 200
const rounds = process.argv.includes('--quick') ? 5 : 15
const child = `
const start = process.cpuUsage()
const { build } = await import(process.argv[1])
await build(${count})
const { user, system } = process.cpuUsage(start)
process.stdout.write(String((user + system) * 1000))
process.exit(0)`

const optional = [
  '@nestjs/microservices',
  '@nestjs/websockets',
  '@nestjs/platform-express',
  'class-validator',
  'class-transformer',
]
const folder = mkdtempSync(join(import.meta.dirname, '..', 'results-cold-'))
try {
  const files = peers.filter((peer) => peer !== 'lexigram-classes')
  for (const peer of files) {
    await build({
      stdin: { contents: `export { build } from './peers/${peer}.js'`, resolveDir: import.meta.dirname },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'node',
      target: 'es2022',
      outfile: join(folder, `${peer}.mjs`),
      define: { 'process.env.NODE_ENV': '"production"' },
      external: [...builtinModules, 'node:*', ...optional, ...optional.map((name) => `${name}/*`)],
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      logLevel: 'error',
    })
  }
  const times = new Map<string, number[]>(files.map((peer) => [peer, []]))
  for (let round = 0; round < rounds; round++) {
    for (const peer of shuffle(files)) {
      const flags = ['--input-type=module', '-e', child, join(folder, `${peer}.mjs`)]
      const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8' })
      if (stdout === '') throw new Error(`${peer}: ${stderr}`)
      times.get(peer)!.push(Number(stdout))
    }
  }
  const rows = toRows(times)
  printTable(`Cold: import and build ${count} registrations in a fresh process, Node ${process.versions.node}`, rows)
  writeResult('container-cold-node', rows)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
