import { assertOptions, must, type OptionCheck } from '../../../../core/assert-options.ts'
import { openChanges } from './open-changes.ts'
import type { TableStreams } from './table-streams.ts'

/** Options of `streams`. */
export interface StreamsOptions {
  /**
   * Milliseconds between two questions to a shard that has nothing new. Each question is one `GetRecords` request, which AWS
   * charges for, and DynamoDB answers five a second for a shard, to all who ask.
   *
   * @default 1000
   */
  readonly pollInterval?: number | undefined
}

const checks = {
  pollInterval: must.beNumberFrom(0),
} satisfies Readonly<Record<keyof StreamsOptions, OptionCheck>>

/**
 * Lets `watch` read the streams of the tables, shard by shard. The tables need streams of `NEW_AND_OLD_IMAGES`.
 *
 * @throws UsageError for an option that does not exist or does not fit
 * @example
 * import { dynamodb } from 'lexigram-edge/nosql/dynamodb'
 * import { streams } from 'lexigram-edge/nosql/dynamodb/streams'
 *
 * const driver = dynamodb({ streams: streams() })
 */
export function streams(given: StreamsOptions = {}): TableStreams {
  const { pollInterval = 1000 } = assertOptions(given, checks, 'the options of streams')
  return { watch: (place, request, context) => openChanges({ place, pollInterval }, request, context) }
}
