import { isForAuthorizer } from '../http/event.ts'
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
  if (isObject(context) && typeof context['connectionId'] === 'string' && !isForAuthorizer(event)) return 'webSocket'
  return undefined
}

/** A batch of nothing: nobody is left to handle, and its source is not told. */
export function isEmptyBatch(event: unknown): boolean {
  return isObject(event) && Array.isArray(event['Records']) && event['Records'].length === 0
}

/** What records are of, each once; SNS spells the member in its own way. */
export function sourcesOfRecords(records: readonly unknown[]): readonly (EventSource | 'unknown')[] {
  return [...new Set(records.map((record) => (isObject(record) ? sourceOf(record) : 'unknown')))]
}

/** All records of an event are of one source. */
function sourceOfRecords(records: readonly unknown[]): EventSource | undefined {
  const [source, ...others] = sourcesOfRecords(records)
  return others.length > 0 || source === 'unknown' ? undefined : source
}

function sourceOf(record: Readonly<Record<string, unknown>>): EventSource | 'unknown' {
  const name = nameOf(record)
  return (typeof name === 'string' && Object.hasOwn(recordSources, name) && recordSources[name]) || 'unknown'
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
