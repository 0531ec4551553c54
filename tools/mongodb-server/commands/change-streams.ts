import { setTimeout as delay } from 'node:timers/promises'
import { BSON } from 'mongodb'
import type { ChangeEvent } from '../../../src/nosql/collection/change-stream.ts'
import { CommandError } from '../command-error.ts'
import type { Followed } from '../cursors.ts'
import type { Command } from '../wire.ts'
import { collectionOf, type Target } from './target.ts'

/** What a pipeline asks of a change stream; undefined for one that asks for documents. */
export function changeStreamOf(command: Command): Command | undefined {
  const [first] = (command['pipeline'] ?? []) as readonly Command[]
  return first?.['$changeStream'] as Command | undefined
}

/** The changes of a collection, waited for by `getMore`. */
export async function followChanges(stage: Command, command: Command, target: Target): Promise<Followed> {
  const after = (stage['resumeAfter'] ?? stage['startAfter']) as { readonly _data: string } | undefined
  const stream = await collectionOf(command, target).watch({
    ...(after !== undefined && { resumeAfter: after }),
    ...(stage['fullDocument'] === 'updateLookup' && { fullDocument: 'updateLookup' as const }),
  })
  const { pipeline } = command as { readonly pipeline: readonly Command[] }
  const splits = pipeline.some((each) => '$changeStreamSplitLargeEvent' in each)
  let waiting: Promise<ChangeEvent | null> | undefined
  let isEnded = false
  return {
    async more(waitMs) {
      const event = await Promise.race([(waiting ??= stream.next()), delay(waitMs, undefined)])
      if (event === undefined) return []
      waiting = undefined
      if (event !== null) return fragmentsOf(event, splits)
      isEnded = true
      return [{ _id: stream.resumeToken, operationType: 'invalidate', wallTime: new Date() }]
    },
    token: () => stream.resumeToken,
    isEnded: () => isEnded,
    close: () => void stream.close(),
  }
}

/** In bytes. */
const largestEvent = 16 * 2 ** 20

/** An event in parts that fit into a document each, of which the last has the token of the whole. */
function fragmentsOf(event: ChangeEvent, splits: boolean): readonly unknown[] {
  if (BSON.calculateObjectSize(event) <= largestEvent) return [event]
  if (!splits) throw new CommandError('BSONObjectTooLarge', 'an event must be at most 16 MiB')
  const { _id, fullDocument, ...rest } = event
  return [
    { _id: { _data: `${_id._data}.1` }, splitEvent: { fragment: 1, of: 2 }, ...rest },
    { _id, splitEvent: { fragment: 2, of: 2 }, fullDocument },
  ]
}
