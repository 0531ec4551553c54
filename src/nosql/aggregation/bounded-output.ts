import { eachStage, mapEach, type Run, type Stage } from './stage.ts'
import type { Document } from '../query/value.ts'

/**
 * A stage that bounds its documents as they look when they are walked: `{ $addFields: { a: ['$a', '$a'] } }` doubles them
 * with every stage, although the parts share their memory.
 */
export function withBoundedOutput(stage: Stage): Stage {
  const { name, each, run: unbounded } = stage
  if (each === undefined) {
    return { ...stage, run: (input, run) => mapEach(unbounded(input, run), (made) => bounded(made, run), run.meter) }
  }
  return eachStage(name, (run) => {
    const make = each(run)
    return (document) => {
      const made = make(document)
      return made === undefined ? undefined : bounded(made, run)
    }
  })
}

const FREE = 1 << 16
const STEPS_OF_A_PART = 0.5

function bounded(document: Document, { growth, meter }: Run): Document {
  const { walked, repeated } = growth.extentOf(document)
  meter.work(walked * STEPS_OF_A_PART + Math.max(0, repeated - FREE))
  return document
}
