import { assertArgument } from '../core/assert-argument.ts'

/**
 * Refuses what no `createApplication` has made: for adapters.
 *
 * @throws UsageError `LEX_ERR_USE_001`
 * @example
 * import { assertApplication, type Application } from 'lexigram-edge/runtime'
 *
 * export function toHandler(app: Application) {
 *   assertApplication(app)
 *   return (request: Request) => app.handle(request, { env }, runtime)
 * }
 */
export function assertApplication(value: unknown): void {
  assertArgument(value, 'the application', { members: ['handle', 'start'], hint: 'Pass what createApplication made.' })
}
