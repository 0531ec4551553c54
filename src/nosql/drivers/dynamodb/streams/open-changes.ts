import { TimeoutError } from '../../../../core/errors.ts'
import type { DriverChanges, WatchRequest } from '../../../contract/change.ts'
import type { DriverContext } from '../../../contract/context.ts'
import { toReadError } from '../errors.ts'
import type { Place } from '../place.ts'
import { follow } from './follow.ts'
import { pause } from './pause.ts'
import { positionsIn, tokenOf } from './positions.ts'
import { openShard } from './shard-reader.ts'
import { ShardTracker } from './shard-tracker.ts'
import { shardsOf, streamOf, type Shard, type TableStream } from './shards.ts'
import { streamDisabled } from './stream-errors.ts'

export interface ChangesOptions {
  readonly place: Place
  readonly pollInterval: number
}

/** In milliseconds: a stream that was just enabled has its first shard within seconds. */
const longestEnabling = 60_000
const enablingPoll = 200

/** Resolves when each shard has a reader in its place, so that the stream has every later change. */
export async function openChanges(
  { place, pollInterval }: ChangesOptions,
  { after, lookup }: WatchRequest,
  context: DriverContext,
): Promise<DriverChanges> {
  try {
    const stream = await streamOf(place, context)
    const positions = after === undefined ? undefined : positionsIn(after, place, stream)
    const tracker = new ShardTracker()
    if (positions === undefined) tracker.beginNow(await openShardsOf(place, stream, context))
    else tracker.goOn(positions, (await shardsOf(place, stream, context)).shards)
    for (const group of tracker.groups()) {
      const isNow = positions === undefined
      await Promise.all(group.map((reader) => openShard({ place, stream }, reader, { isNow, context })))
    }
    const token = tokenOf(place, stream, tracker.positions())
    const told: { token: string | undefined } = { token }
    const changes = follow({ place, stream, tracker, told, pollInterval, lookup }, context)
    return { token, position: () => told.token, changes }
  } catch (error) {
    throw toReadError(error)
  }
}

async function openShardsOf(place: Place, stream: TableStream, context: DriverContext): Promise<readonly Shard[]> {
  const end = Date.now() + longestEnabling
  for (;;) {
    const { shards, isDisabled } = await shardsOf(place, stream, context)
    if (shards.some(({ isOpen }) => isOpen)) return shards
    if (isDisabled) throw streamDisabled()
    if (Date.now() > end) throw new TimeoutError('watch cannot read the changes: DynamoDB is still enabling the stream')
    await pause(enablingPoll, context)
    context.signal?.throwIfAborted()
  }
}
