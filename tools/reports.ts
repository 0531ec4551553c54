import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from './steps.ts'

const folder = join(root, '.lexigram', 'reports')

/** Leaves a table that a test has worked out for the end of `npm test`, where a test's own output is not shown. */
export function writeReport(title: string, text: string): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${title}.txt`), text)
}

/** Removes the reports of earlier runs. */
export function clearReports(): void {
  rmSync(folder, { recursive: true, force: true })
}

export function printReports(): void {
  for (const file of globSync('*.txt', { cwd: folder }).toSorted()) {
    console.log(`\n${basename(file, '.txt')}\n${readFileSync(join(folder, file), 'utf8')}`)
  }
}
