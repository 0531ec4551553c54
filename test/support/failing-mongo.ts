import { expect, vi } from 'vitest'
import { CommandError } from '../../tools/mongodb-server/command-error.ts'
import type { Failure } from '../../tools/mongodb-server/fail-point.ts'
import { serveMongo, type MongoServer } from '../../tools/mongodb-server/serve.ts'
import type { Reply } from '../../tools/mongodb-server/wire.ts'
import { toSecret } from '../../src/core/setting/secret.ts'
import { mongodb } from '../../src/nosql/drivers/mongodb/mongodb-driver.ts'
import { createDocumentStore, type DocumentStore } from '../../src/nosql/store/document-store.ts'

/** What shall happen to the nth command of a name since the rule was set. */
export type FailureRule = (name: string, count: number) => Failure | undefined

/** A server whose commands fail by a rule, and a store over it. */
export interface FailingMongo {
  readonly server: MongoServer
  readonly store: DocumentStore
  readonly counts: ReadonlyMap<string, number>
  failWhen(rule: FailureRule): void
  /** Expects that nothing is left, but for cursors that no client has heard of. */
  close(unheardOf?: number): Promise<void>
}

export async function startFailingMongo(hello: Reply = {}, uriOptions = 'retryWrites=false'): Promise<FailingMongo> {
  const counts = new Map<string, number>()
  let rule: FailureRule = () => undefined
  const server = await serveMongo({
    hello,
    failureOf: (command) => {
      const [name = ''] = Object.keys(command)
      const count = (counts.get(name) ?? 0) + 1
      counts.set(name, count)
      return rule(name, count)
    },
  })
  const uri = toSecret(`${server.uri}&serverSelectionTimeoutMS=1200&heartbeatFrequencyMS=500&${uriOptions}`)
  const store = createDocumentStore(mongodb(), { database: 'failing', config: { uri }, scans: 'allow' })
  await store.collection('items').insertOne({ _id: 'first', n: 1 })
  return {
    server,
    store,
    counts,
    failWhen(next) {
      counts.clear()
      rule = next
    },
    async close(unheardOf = 0) {
      rule = () => undefined
      await store.disconnect()
      expect(server.open()).toMatchObject({ cursors: unheardOf })
      await vi.waitFor(() => expect(server.open().sockets).toBe(0))
      await server.close()
    },
  }
}

export const lostRequest: Failure = { close: 'before' }
export const lostAnswer: Failure = { close: 'after' }
export const garbage: Failure = { isGarbage: true }

export function refusal(code: number, errorLabels?: readonly string[]): Failure {
  return { error: new CommandError(`Location${code}`, 'refused', errorLabels === undefined ? {} : { errorLabels }) }
}
