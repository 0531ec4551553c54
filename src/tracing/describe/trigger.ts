import type { TriggeredOperation } from '../../core/tracing/operation.ts'
import type { Described } from './described.ts'

/** Queues and streams by the conventions' names of their systems. */
const systems: Readonly<Record<string, string>> = {
  queue: 'cloudflare_queues',
  sqs: 'aws_sqs',
  sns: 'aws.sns',
  kafka: 'kafka',
  kinesis: 'aws.kinesis',
}

/** What a platform's timer is called, by the conventions of functions. */
const timers = new Set(['schedule', 'scheduled', 'alarm'])

/** Changes of stored data. */
const dataSources = new Set(['dynamodb', 's3'])

interface AnyEvent {
  readonly cron?: unknown
  readonly method?: unknown
  readonly eventSourceARN?: unknown
  readonly topic?: unknown
}

/**
 * @see https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 * @see https://opentelemetry.io/docs/specs/semconv/faas/faas-spans/
 */
export function describeTrigger(operation: TriggeredOperation): Described {
  const { trigger = 'job', event, id } = operation
  const given = Object(event) as AnyEvent
  const system = systems[trigger]
  if (system !== undefined) return describeMessage(operation, given, system)
  if (trigger === 'rpc') {
    const method = text(given.method)
    return {
      name: method ?? 'rpc',
      kind: 'server',
      attributes: { 'rpc.system.name': 'cloudflare', 'rpc.method': method },
    }
  }
  return {
    name: trigger,
    kind: trigger === 'job' ? 'internal' : 'consumer',
    attributes: {
      'faas.trigger': triggerOf(trigger),
      'faas.cron': text(given.cron),
      'faas.invocation_id': id,
    },
  }
}

function triggerOf(trigger: string): string | undefined {
  if (trigger === 'job') return undefined
  if (timers.has(trigger)) return 'timer'
  return dataSources.has(trigger) ? 'datasource' : 'other'
}

function describeMessage({ source, id }: TriggeredOperation, event: AnyEvent, system: string): Described {
  const destination =
    source ?? text(event.topic) ?? text(event.eventSourceARN)?.split(':').at(-1)?.replace('stream/', '')
  return {
    name: destination === undefined ? 'process' : `process ${destination}`,
    kind: 'consumer',
    attributes: {
      'faas.trigger': 'pubsub',
      'messaging.system': system,
      'messaging.operation.type': 'process',
      'messaging.operation.name': 'process',
      'messaging.destination.name': destination,
      'messaging.message.id': id,
    },
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
