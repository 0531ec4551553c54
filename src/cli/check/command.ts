import { ContainerValidationError, type ContainerIssue } from '../../container/errors.ts'
import { UsageError } from '../../core/errors.ts'
import { checkGraph, traitsByName, type RuntimeName } from '../../testing/check-graph/check-graph.ts'
import { loadApplication } from '../application/load-application.ts'
import type { CommandRun } from '../command-context.ts'

/** As they are written on the line. */
export interface CheckOptions {
  readonly export?: string
  readonly runtime: string
  readonly env?: boolean
}

/** `lexigram-edge check <module>`: 1 when the graph does not fit together on one of the runtimes. */
export async function runCheck(path: string, options: CheckOptions, { env, report }: CommandRun): Promise<number> {
  const runtimes = runtimesOf(options.runtime)
  const app = await loadApplication(path, options.export)
  const sample = options.env === true ? { env } : {}
  const results: { readonly runtime: RuntimeName; readonly issues: readonly ContainerIssue[] }[] = []
  for (const runtime of runtimes) {
    const issues = await issuesOf(checkGraph(app, { runtime, ...sample }))
    results.push({ runtime, issues })
    report.line(`${issues.length === 0 ? '✓' : '✗'} ${app.name} on ${runtime}`)
    for (const { message } of issues) report.line(`  ${message}`)
  }
  report.set('application', app.name)
  report.set('runtimes', results)
  return results.every(({ issues }) => issues.length === 0) ? 0 : 1
}

async function issuesOf(check: Promise<void>): Promise<readonly ContainerIssue[]> {
  try {
    await check
    return []
  } catch (error) {
    if (error instanceof ContainerValidationError) return error.issues
    throw error
  }
}

function runtimesOf(text: string): readonly RuntimeName[] {
  // The keys of a constant are its names.
  const known = Object.keys(traitsByName) as RuntimeName[]
  if (text === 'all') return known
  return text.split(',').map((name) => {
    const found = known.find((each) => each === name.trim())
    if (found === undefined)
      throw new UsageError(`--runtime must be one of ${known.join(', ')}, or several with commas`)
    return found
  })
}
