import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from '../commands/steps.ts'

/** Emptied at the start of `npm test`. */
export const reportsFolder = join(root, '.lexigram', 'reports')

/** Leaves a table that a test has worked out for the end of `npm test`, where a test's own output is not shown. */
export function writeReport(title: string, text: string): void {
  mkdirSync(reportsFolder, { recursive: true })
  writeFileSync(join(reportsFolder, `${title}.txt`), text)
}

/** Removes the reports of earlier runs. */
export function clearReports(): void {
  rmSync(reportsFolder, { recursive: true, force: true })
}

export function printReports(): void {
  for (const file of globSync('*.txt', { cwd: reportsFolder }).toSorted()) {
    console.log(`\n${basename(file, '.txt')}\n${readFileSync(join(reportsFolder, file), 'utf8')}`)
  }
}
