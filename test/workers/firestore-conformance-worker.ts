import { aggregation } from '../../src/nosql/aggregation/engine.ts'
import { firestore } from '../../src/nosql/drivers/firestore/index.ts'
import { createDocumentStore } from '../../src/nosql/store/document-store.ts'
import { documentStoreCases } from '../../src/testing/document-store-conformance/document-store-conformance.ts'

interface Env {
  readonly EMULATOR: string
}

/** It lives as long as the isolate: what it remembers, many requests use. */
const driver = firestore({ aggregation: aggregation(), catalogLifetime: 50 })

export default {
  /** Runs the case that the body names; answers with what it failed with, or with nothing. */
  async fetch(request: Request, env: Env): Promise<Response> {
    const { topic, name } = (await request.json()) as { topic: string; name: string }
    const found = documentStoreCases().find((each) => each.name === name && each.topic === topic)
    if (found === undefined) return new Response('there is no such case', { status: 404 })
    const config = { projectId: 'workerd', emulatorHost: env.EMULATOR }
    try {
      await found.run({ open: (options) => createDocumentStore(driver, { ...options, config }) })
      return new Response(null, { status: 204 })
    } catch (error) {
      return new Response(String(error), { status: 500 })
    }
  },
}
