import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Row } from './measure.ts'

const results = join(import.meta.dirname, 'results')

export function printTable(title: string, rows: readonly Row[], unit: (value: number) => string = time): void {
  console.log(`\n### ${title}\n`)
  console.log('| | median | min | ratio (paired median) | added (paired median) |')
  console.log('|---|--:|--:|--:|--:|')
  for (const { name, median, min, ratio, added } of rows) {
    console.log(`| ${name} | ${unit(median)} | ${unit(min)} | ${ratio.toFixed(2)} | ${unit(added)} |`)
  }
}

export function time(nanoseconds: number): string {
  const size = Math.abs(nanoseconds)
  if (size >= 1e6) return `${(nanoseconds / 1e6).toFixed(2)} ms`
  return size >= 1e3 ? `${(nanoseconds / 1e3).toFixed(2)} us` : `${nanoseconds.toFixed(1)} ns`
}

export function writeResult(name: string, value: unknown): void {
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(value, undefined, 2)}\n`)
}

/** What the last run wrote under this name, or undefined. */
export function readResult(name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(results, `${name}.json`), 'utf8'))
  } catch {
    return undefined
  }
}
