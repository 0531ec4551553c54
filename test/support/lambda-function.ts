import { createApplication, factory, provider, token, type Fetch } from 'lexigram-edge'
import { lambda, type EventHandlers, type LambdaOptions } from 'lexigram-edge/lambda'
import { contextWith } from '../lambda/fixtures/records.ts'

export const Session = token<{ readonly id: number }>('Session')

export interface LambdaFunction {
  /** Invokes the function with this many milliseconds left. */
  readonly send: (event: unknown, remaining?: number) => Promise<unknown>
  /** What was reported, as `phase subject: message`, and `end N` for each session that ended. */
  readonly log: string[]
  /** What was reported. */
  readonly errors: unknown[]
}

/** A function whose scopes have a session to release. */
export function lambdaFunction(
  on: EventHandlers,
  { fetch, ...options }: LambdaOptions & { readonly fetch?: Fetch } = {},
): LambdaFunction {
  const log: string[] = []
  const errors: unknown[] = []
  let sessions = 0
  const session = provider('session', {
    register(container) {
      const dispose = ({ id }: { id: number }): void => void log.push(`end ${id}`)
      container.scoped(
        Session,
        factory([], () => ({ id: ++sessions }), { dispose }),
      )
    },
  })
  const app = createApplication({
    name: 'test',
    providers: [session],
    ...(fetch && { fetch }),
    onError({ error, phase, subject }) {
      errors.push(error)
      log.push(`${phase} ${subject}: ${error instanceof Error ? error.message : String(error)}`)
    },
  })
  const handler = lambda(app, { env: {}, ...options, on })
  return { log, errors, send: (event, remaining = 60_000) => handler(event, contextWith(remaining, 'invocation-1')) }
}

/** What Lambda reports of records that it delivers again. */
export const failuresOf = (...ids: readonly unknown[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
})
