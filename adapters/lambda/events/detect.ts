import type { EventHandlers } from './handlers.ts'

export type EventSource = Exclude<keyof EventHandlers, 'other'>

const recordSources: Readonly<Record<string, EventSource>> = {
  'aws:sqs': 'sqs',
  'aws:kinesis': 'kinesis',
  'aws:dynamodb': 'dynamodb',
  'aws:s3': 's3',
  'aws:sns': 'sns',
  'aws:ses': 'ses',
}

/** Tells what an event is by the members that its source always sends; `undefined` for what none of them sends. */
export function eventSourceOf(event: unknown): EventSource | undefined {
  if (!isObject(event)) return undefined
  if (Array.isArray(event['Records'])) return sourceOfRecords(event['Records'])
  if (event['eventSource'] === 'aws:kafka' || event['eventSource'] === 'SelfManagedKafka') {
    return isKafkaRecords(event['records']) ? 'kafka' : undefined
  }
  if (typeof event['detail-type'] === 'string' && 'detail' in event) {
    return event['detail-type'] === 'Scheduled Event' ? 'schedule' : 'eventBridge'
  }
  if (typeof event['triggerSource'] === 'string' && typeof event['userPoolId'] === 'string') return 'cognito'
  const context = event['requestContext']
  if (isObject(context) && typeof context['connectionId'] === 'string') return 'webSocket'
  return undefined
}

/** All records of an event are of one source; SNS spells the member in its own way. */
function sourceOfRecords(records: readonly unknown[]): EventSource | undefined {
  const names = new Set(records.map((record) => (isObject(record) ? nameOf(record) : undefined)))
  const [name] = names
  return names.size === 1 && typeof name === 'string' && Object.hasOwn(recordSources, name)
    ? recordSources[name]
    : undefined
}

function nameOf(record: Readonly<Record<string, unknown>>): unknown {
  return record['eventSource'] ?? record['EventSource']
}

function isKafkaRecords(records: unknown): boolean {
  return isObject(records) && Object.values(records).every((list) => Array.isArray(list) && list.every(isObject))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
