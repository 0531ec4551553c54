import type { EventSource } from '../event-source.ts'
import type { RecordHandler } from '../handlers.ts'

/** Everything that no other source matches. The caller gets what the handler returns, a `Result` as it is. */
export const other: EventSource<unknown, RecordHandler<unknown>> = {
  name: 'other',
  options: 'none',
  matches: () => true,
  async handle(event, handler, lambda) {
    try {
      return await lambda.run(event, (scope) => handler(event, scope), { trigger: 'other' })
    } catch (error) {
      lambda.report(error, 'handler')
      throw error
    }
  },
}
