import type { EventBridgeEvent } from 'aws-lambda'
import type { EventSource } from '../event-source.ts'
import { handleOne } from '../handle-one.ts'
import type { RecordHandler } from '../handlers.ts'

type BusEvent = EventBridgeEvent<string, unknown>

/** Events of a bus, those of schedules included. */
export const eventBridge: EventSource<BusEvent, RecordHandler<BusEvent>> = {
  name: 'eventBridge',
  options: 'none',
  matches: (event) => typeof event['detail-type'] === 'string' && 'detail' in event,
  handle: async (event, handler, lambda) => void (await handleOne({ trigger: 'eventBridge', event }, handler, lambda)),
}
