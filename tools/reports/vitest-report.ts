import { availableParallelism } from 'node:os'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root, type Step } from '../commands/steps.ts'

/** How many tests passed, failed and were skipped, and what the skipped ones belong to. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** Outermost titles of skipped tests, such as `needs PostgreSQL`. */
  readonly skippedSuites: readonly string[]
}

interface JsonReport {
  readonly success: boolean
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly title: string
      readonly ancestorTitles: readonly string[]
    }[]
  }[]
}

/**
 * A step that runs some of vitest's projects and leaves its report where {@link tallyOf} finds it.
 *
 * @param options.only Folders or files that run. @default [], for all
 * @param options.without Patterns of files that do not run. @default []
 * @param options.shared Files share their workers, which halves the time; the next file sees what one leaves. @default false
 */
export function vitestStep(
  name: string,
  projects: readonly string[],
  options: { readonly only?: readonly string[]; readonly without?: readonly string[]; readonly shared?: boolean } = {},
): Step {
  const file = reportFile(name)
  mkdirSync(dirname(file), { recursive: true })
  rmSync(file, { force: true })
  const included = projects.flatMap((project) => ['--project', project])
  const excluded = (options.without ?? []).flatMap((pattern) => ['--exclude', pattern])
  // More files than processors at a time: most whole tests wait for servers.
  const workers = [
    `--maxWorkers=${availableParallelism() * 2}`,
    ...(options.shared === true ? ['--pool=threads', '--no-isolate'] : []),
  ]
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]
  return {
    name,
    command: 'vitest',
    args: ['run', ...(options.only ?? []), ...included, ...excluded, ...workers, ...reporters],
  }
}

/** Sums up the report of a step that has run. A run that crashed, or failed outside any test, counts as one failure. */
export function tallyOf(name: string): Tally {
  let report: JsonReport
  try {
    // vitest writes this format.
    report = JSON.parse(readFileSync(reportFile(name), 'utf8')) as JsonReport
  } catch {
    return { passed: 0, failed: 1, skipped: 0, skippedSuites: [] }
  }
  return tallyOfReport(report)
}

export function tallyOfReport(report: JsonReport): Tally {
  const tests = report.testResults.flatMap((file) => file.assertionResults)
  const passed = tests.filter((test) => test.status === 'passed').length
  const failedTests = tests.filter((test) => test.status === 'failed').length
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed')
  const failed = failedTests + brokenFiles
  return {
    passed,
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: skipped.length,
    skippedSuites: [...new Set(skipped.map((test) => test.ancestorTitles.find((title) => title !== '') ?? test.title))],
  }
}

export function sumOf(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, tally) => sum + tally.passed, 0),
    failed: tallies.reduce((sum, tally) => sum + tally.failed, 0),
    skipped: tallies.reduce((sum, tally) => sum + tally.skipped, 0),
    skippedSuites: [...new Set(tallies.flatMap((tally) => tally.skippedSuites))],
  }
}

/** `12 passed, 0 failed`, with the skipped when there are any. */
export function lineOf({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

function reportFile(name: string): string {
  return join(root, '.lexigram', 'test', `${name.replaceAll(/[^a-z]+/g, '-')}.json`)
}
