import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../../tools/commands/steps.ts'
import { shuffle } from '../measure.ts'

const child = `
const start = process.cpuUsage()
const { first } = await import(process.argv[1])
const answer = await first()
const { user, system } = process.cpuUsage(start)
process.stdout.write(JSON.stringify({ answer, time: (user + system) * 1000 }))
process.exit(0)`

/** CPU from the import of a module to its first answer, in a fresh process for each sample. */
export async function inFreshProcesses(
  entries: Readonly<Record<string, string>>,
  rounds: number,
): Promise<Map<string, number[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'lexigram-bench-'))
  try {
    await build({
      entryPoints: Object.values(entries).map((file) => join(import.meta.dirname, 'entries', `${file}.ts`)),
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      tsconfig: join(root, 'tsconfig.json'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node22',
      logLevel: 'error',
    })
    const times = new Map<string, number[]>(Object.keys(entries).map((name) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      for (const [name, file] of shuffle(Object.entries(entries))) times.get(name)!.push(sample(folder, file))
    }
    return times
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function sample(folder: string, file: string): number {
  const flags = ['--input-type=module', '-e', child, join(folder, `${file}.mjs`)]
  const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8' })
  if (!stdout.includes('lamp')) throw new Error(`${file}: ${stdout}${stderr}`)
  return (JSON.parse(stdout) as { time: number }).time // printed by the text above
}
