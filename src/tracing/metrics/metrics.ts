import type { Metric } from '../sink.ts'

/** In seconds, by the conventions' advice. */
const buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]

/**
 * By OpenTelemetry's conventions, stable for the duration of operations; what they have no name for is called `lexigram.`.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-metrics/
 */
export const metrics = {
  operation: {
    name: 'db.client.operation.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of database client operations',
    buckets,
  },
  wait: {
    name: 'db.client.connection.wait_time',
    kind: 'histogram',
    unit: 's',
    description: 'The time it took to obtain an open connection from the pool',
    buckets,
  },
  timeout: {
    name: 'db.client.connection.timeouts',
    kind: 'counter',
    unit: '{timeout}',
    description: 'Waits for a connection that ended without one because their time was over',
  },
  connections: {
    name: 'db.client.connection.count',
    kind: 'upDownCounter',
    unit: '{connection}',
    description: 'The number of connections that are currently in the state of the attribute',
  },
  retry: {
    name: 'lexigram.retries',
    kind: 'counter',
    unit: '{retry}',
    description: 'Transactions, operations and requests that were done again',
  },
  batch: {
    name: 'lexigram.batch.messages',
    kind: 'counter',
    unit: '{message}',
    description: 'Messages of batches, by what became of them',
  },
  leak: {
    name: 'lexigram.scope.leaks_refused',
    kind: 'counter',
    unit: '{use}',
    description: 'Uses of a scope after its end, which were refused',
  },
} as const satisfies Readonly<Record<string, Metric>>
