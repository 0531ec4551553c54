import type { Document } from '../query/value.ts'
import { eachStage, type EachDocument, type Run, type Stage } from './stage.ts'

/** Neighbours that look at one document at a time become one pass; a `$sort` before a `$limit` keeps no more than that. */
export function fuseStages(stages: readonly Stage[]): readonly Stage[] {
  const fused: Stage[] = []
  for (const stage of stages) {
    const before = fused.at(-1)
    if (before?.each !== undefined && stage.each !== undefined) {
      fused[fused.length - 1] = both(before.each, stage.each, before.passes === true && stage.passes === true)
    } else {
      if (stage.limit !== undefined && before?.keepFirst !== undefined)
        fused[fused.length - 1] = before.keepFirst(stage.limit)
      fused.push(stage)
    }
  }
  return fused
}

type Each = (run: Run) => EachDocument

function both(first: Each, second: Each, passes: boolean): Stage {
  return eachStage(
    'fused',
    (run) => {
      const one = first(run)
      const two = second(run)
      return (document): Document | undefined => {
        const between = one(document)
        return between === undefined ? undefined : two(between)
      }
    },
    { passes },
  )
}
