import { setTimeout as delay } from 'node:timers/promises'
import type { ChangeEvent } from '../../../src/nosql/collection/change-stream.ts'
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
  let waiting: Promise<ChangeEvent | null> | undefined
  let isEnded = false
  return {
    async more(waitMs) {
      const event = await Promise.race([(waiting ??= stream.next()), delay(waitMs, undefined)])
      if (event === undefined) return []
      waiting = undefined
      if (event !== null) return [event]
      isEnded = true
      return [{ _id: stream.resumeToken, operationType: 'invalidate', wallTime: new Date() }]
    },
    token: () => stream.resumeToken,
    isEnded: () => isEnded,
    close: () => void stream.close(),
  }
}
