import type { Row } from './measure.ts'
import { readResult } from './report.ts'

/** A figure of the last run beside what it may be. */
export interface Verdict {
  readonly what: string
  readonly measured: number | undefined
  readonly budget: number
}

/** The row of that name in a result that is a table. */
export function rowOf(file: string, name: string): Row | undefined {
  // Tables are written as rows.
  return (readResult(file) as readonly Row[] | undefined)?.find((row) => row.name === name)
}
