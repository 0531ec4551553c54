import { toRows } from '../measure.ts'
import { printTable, writeResult } from '../report.ts'

/** Prints the times of an entry and keeps them. */
export function reportCold(entry: string, what: string, times: ReadonlyMap<string, readonly number[]>): void {
  const rows = toRows(times)
  printTable(`Cold, ${entry}: CPU, ${what}`, rows)
  writeResult(`cold-${entry}`, rows)
}
