// The conformance application as a Worker, with the triggers that only Workers has.
import { err, ok } from 'lexigram-edge'
import { ConformanceSession, createConformanceApplication } from 'lexigram-edge/testing'
import { workers } from 'lexigram-edge/workers'

const { app, log } = createConformanceApplication()

export default workers(app, {
  scheduled: (controller, scope) =>
    void log.push(`cron ${controller.cron} in session ${scope.get(ConformanceSession).id}`),
  queue: {
    retryDelay: 1,
    handler(message, scope) {
      log.push(`message ${String(message.body)} in session ${scope.get(ConformanceSession).id}`)
      if (message.body === 'throw') throw new Error('poison')
      return message.body === 'err' ? err(new Error('refused')) : ok()
    },
    onBatch: ({ done, handedBack }) => void log.push(`batch: ${done.length} ok, ${handedBack.length} again`),
  },
})
