import type { DriverChanges, WatchRequest } from '../../../contract/change.ts'
import type { DriverContext } from '../../../contract/context.ts'
import type { Place } from '../place.ts'

/** Reads the streams of tables; made by `streams()`. */
export interface TableStreams {
  /** @internal */
  readonly watch: (place: Place, request: WatchRequest, context: DriverContext) => Promise<DriverChanges>
}

/** What a stream must have on it, for `CreateTable`. */
export const streamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } as const
