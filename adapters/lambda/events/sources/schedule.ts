import type { ScheduledEvent } from 'aws-lambda'
import type { EventSource } from '../event-source.ts'
import { handleOne } from '../handle-one.ts'
import type { RecordHandler } from '../handlers.ts'

/** Scheduled rules of EventBridge. */
export const schedule: EventSource<ScheduledEvent, RecordHandler<ScheduledEvent>> = {
  name: 'schedule',
  options: 'none',
  matches: (event) => event['detail-type'] === 'Scheduled Event' && 'detail' in event,
  handle: async (event, handler, lambda) => void (await handleOne({ trigger: 'schedule', event }, handler, lambda)),
}
