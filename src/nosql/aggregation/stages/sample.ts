import type { Document } from '../../query/value.ts'
import { fail } from '../expression/failure.ts'
import { holdInput, inBatches, type Batches, type ParseStage, type Run } from '../stage.ts'
import { stageFields } from '../stage-argument.ts'

/** `$sample`: `size` documents, chosen and ordered at random. */
export const parseSample: ParseStage = (argument, _context, name) => {
  const { size } = stageFields(argument, name, { required: ['size'] })
  if (typeof size !== 'number' && typeof size !== 'bigint') return fail(28746, `size of ${name} must be a number`)
  if (size < 0) fail(28747, `size of ${name} must not be negative`)
  const count = Math.trunc(Number(size))
  if (!(count > 0)) fail(28747, `size of ${name} must be above 0`)
  return { name, passes: true, run: (input, run) => sample(input, count, run) }
}

/** Reservoir sampling: holds no more than what is wanted. */
async function* sample(input: Batches, size: number, run: Run): Batches {
  const chosen: Document[] = []
  let seen = 0
  for await (const batch of input) {
    for (const document of batch) {
      seen++
      if (chosen.length < size) {
        holdInput(document, run)
        chosen.push(document)
      } else {
        const at = Math.floor(run.random() * seen)
        if (at < size) chosen[at] = document
      }
    }
  }
  yield* inBatches(shuffle(chosen, run.random), run.meter)
}

function shuffle(documents: Document[], random: () => number): Document[] {
  for (let last = documents.length - 1; last > 0; last--) {
    const at = Math.floor(random() * (last + 1))
    // Both positions are within the array.
    const moved = documents[last] as Document
    documents[last] = documents[at] as Document
    documents[at] = moved
  }
  return documents
}
