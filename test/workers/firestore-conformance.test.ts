import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentStoreCases } from '../../src/testing/document-store-conformance/document-store-conformance.ts'
import { optionTopic } from '../../src/testing/document-store-conformance/option-table/option-table.ts'
import { bundleWorker, startWorkerd } from '../../tools/runtimes/workerd.ts'
import { describeWithFirestore } from '../support/firestore-emulator.ts'

describeWithFirestore((emulator) => {
  describe('the Firestore driver in workerd', () => {
    let miniflare: Miniflare | undefined
    beforeAll(async () => {
      const script = await bundleWorker(join(import.meta.dirname, 'firestore-conformance-worker.ts'))
      // Without Node's modules: nothing of the driver needs them.
      miniflare = await startWorkerd(script, { bindings: { EMULATOR: emulator().host }, compatibilityFlags: [] })
    })
    afterAll(async () => miniflare?.dispose())

    // What is between a Worker and the emulator is not counted or spoilt, and options mean the same on every platform: the
    // suite on Node does that.
    const cases = documentStoreCases().filter(
      ({ notApplicable, topic }) => notApplicable({}) === undefined && topic !== optionTopic,
    )
    it.each(cases)('$topic: $name', async ({ topic, name }) => {
      const body = JSON.stringify({ topic, name })
      const response = await fetch(await (miniflare as Miniflare).ready, { method: 'POST', body })
      expect({ status: response.status, failure: await response.text() }).toEqual({ status: 204, failure: '' })
    })
  })
})
