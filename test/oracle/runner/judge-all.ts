import { loadCases, type OracleCase } from './case.ts'
import { exclusionOf } from '../exclusions.ts'
import { laneExclusionOf, lanes, type LaneName } from '../lanes.ts'
import type { Judged } from './report.ts'
import { runWatched } from './watchdog.ts'

export interface JudgeOptions {
  /** The database, a module of `./backends`. */
  readonly backend: LaneName
  readonly select?: (oracleCase: OracleCase) => boolean
  readonly limit?: number
}

/** Runs every selected case of a folder that no exclusion names. */
export async function judgeAll(folder: string, options: JudgeOptions): Promise<Judged[]> {
  const selected = [...loadCases(folder).entries()].filter(([, oracleCase]) => options.select?.(oracleCase) ?? true)
  const reasons = new Map(
    selected.map(([index, oracleCase]) => [
      index,
      exclusionOf(oracleCase) ?? laneExclusionOf(oracleCase, lanes[options.backend]),
    ]),
  )
  const indexes = selected.map(([index]) => index).filter((index) => reasons.get(index) === undefined)
  const outcomes = await runWatched({ folder, backend: options.backend, indexes }, { limit: options.limit ?? 10_000 })
  return selected.map(([index, oracleCase]) => {
    const excluded = reasons.get(index)
    const outcome = outcomes.get(index)
    return {
      oracleCase,
      ...(excluded === undefined ? {} : { excluded }),
      ...(outcome === undefined ? {} : { outcome }),
    }
  })
}
