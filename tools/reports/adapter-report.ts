import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { adapterTopics, type AdapterTopic } from '../../src/testing/adapter-conformance/conformance-case.ts'
import { reportsFolder } from './reports.ts'

/** The outcome of one case on one adapter; `text` is the reason why it does not apply. */
export interface CaseResult {
  readonly topic: AdapterTopic
  readonly status: 'passed' | 'failed' | 'not applicable' | 'not run'
  readonly reason?: string
}

interface Row {
  readonly adapter: string
  readonly results: readonly CaseResult[]
}

const folder = join(reportsFolder, 'adapters')

/** Keeps the outcomes of an adapter's cases for the table at the end of `npm test`. */
export function writeAdapterRow(adapter: string, results: readonly CaseResult[]): void {
  mkdirSync(folder, { recursive: true })
  const name = `${adapter.replaceAll(/[^a-z]+/gi, '-')}.json`
  writeFileSync(join(folder, name), JSON.stringify({ adapter, results } satisfies Row))
}

/** The table of all rows that were left, or undefined when there are none. */
export function adapterReport(): string | undefined {
  const rows = globSync('*.json', { cwd: folder })
    .toSorted()
    // Written above.
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Row)
  return rows.length === 0 ? undefined : adapterTable(rows)
}

/** Adapters down, topics across: how many cases passed; below it why some do not apply. */
export function adapterTable(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ adapter }) => adapter.length))
  const line = (name: string, cells: readonly string[]): string =>
    [name.padEnd(width), ...cells.map((cell, i) => cell.padEnd(adapterTopics[i]!.length))].join('  ').trimEnd()
  const reasons = Map.groupBy(
    rows.flatMap(({ adapter, results }) =>
      results.flatMap(({ topic, reason }) => (reason === undefined ? [] : [{ adapter, text: `${topic}: ${reason}` }])),
    ),
    ({ text }) => text,
  )
  return [
    line('', adapterTopics),
    ...rows.map(({ adapter, results }) =>
      line(
        adapter,
        adapterTopics.map((topic) => cellOf(results.filter((result) => result.topic === topic))),
      ),
    ),
    ...(reasons.size === 0 ? [] : ['', 'not applicable:']),
    ...[...reasons].map(([text, list]) => `  ${text} (${list.map(({ adapter }) => adapter).join('; ')})`),
  ].join('\n')
}

/** `3`, when all that apply have passed; `2/3` when one has failed or did not run. */
function cellOf(results: readonly CaseResult[]): string {
  if (results.length === 0) return ''
  const applicable = results.filter(({ status }) => status !== 'not applicable')
  if (applicable.length === 0) return 'n.a.'
  const passed = applicable.filter(({ status }) => status === 'passed').length
  if (passed === applicable.length) return `${passed} ✓`
  return applicable.every(({ status }) => status === 'not run') ? 'not run' : `${passed}/${applicable.length} ✗`
}
