import { createDocumentStore, type DocumentStore } from '../../src/nosql/store/document-store.ts'
import type { DocumentDriver } from '../../src/nosql/contract/driver.ts'
import { faults, startFaultProxy, type Fault } from '../support/fault-proxy.ts'

/** A backend without locks, as the tests see it. */
export interface Lane {
  /** Where its server listens. */
  readonly target: { readonly host: string; readonly port: number }
  /** A driver that knows nothing yet, as in an isolate that has just started, and its settings for a server on a port. */
  open(port: number, catalogLifetime: number): { readonly driver: DocumentDriver; readonly config: unknown }
  /** What a request asks for, from its first bytes. */
  operationOf(head: string): string
  /** The operation that reads one document, and the one that commits a transaction. */
  readonly get: string
  readonly commit: string
  /** The operation that reads the documents which a new index gets. */
  readonly scan: string
  /** A commit that is sent twice is carried out once. */
  readonly hasToken: boolean
  /** More documents with a unique key than one commit takes, and more documents of `documentBytes` than it takes. */
  readonly tooManyWrites: number
  readonly documentBytes: number
  readonly tooManyDocuments: number
}

/** How long the tests' isolates believe a catalogue, in milliseconds. */
export const catalogLifetime = 150

export interface Isolate extends AsyncDisposable {
  readonly store: DocumentStore
  /** The operations that were sent since the list was last emptied. */
  readonly sent: string[]
  /** What happens to a request from now on. */
  fault: (operation: string) => Fault
}

/** A process with a driver, a catalogue, and a network that can be spoiled. */
export async function startIsolate(lane: Lane, lifetime: number = catalogLifetime): Promise<Isolate> {
  const sent: string[] = []
  const proxy = await startFaultProxy({
    target: lane.target,
    choose({ bytes }) {
      const operation = lane.operationOf(new TextDecoder().decode(bytes.subarray(0, 2000)))
      sent.push(operation)
      return isolate.fault(operation)
    },
  })
  const { driver, config } = lane.open(proxy.port, lifetime)
  const store = createDocumentStore(driver, { scans: 'allow', config })
  const isolate: Isolate = {
    store,
    sent,
    fault: () => faults.none,
    async [Symbol.asyncDispose]() {
      await store.disconnect()
      await proxy[Symbol.asyncDispose]()
    },
  }
  return isolate
}

/** A fault for the first `count` requests of an operation. */
export function spoiled(operation: string, fault: Fault, count = Infinity): Isolate['fault'] {
  let left = count
  return (sent) => (sent === operation && left-- > 0 ? fault : faults.none)
}

let collections = 0
/** The name of a collection that no other test has. */
export const freshName = () => `items${++collections}`

/** The code of the error that a piece of work ends with. */
export async function codeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
    return 'no error'
  } catch (error) {
    return Reflect.get(error as object, 'code') ?? error
  }
}

export const codes = {
  duplicate: 'LEX_ERR_DB_005',
  conflict: 'LEX_ERR_NOSQL_008',
  unsupported: 'LEX_ERR_NOSQL_009',
  unknown: 'LEX_ERR_NOSQL_014',
} as const
