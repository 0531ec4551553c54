import { provider } from '../../src/runtime/provider.ts'
import { factory } from '../../src/container/registration.ts'
import { token } from '../../src/core/token.ts'
import { createApplication, type Application } from '../../src/runtime/application.ts'
import type { Fetch } from '../../src/runtime/application-options.ts'

export interface HeldApplication {
  readonly app: Application
  /** Each scope's `end`, the application's `shutdown`, and what was reported, by its phase. */
  readonly log: string[]
}

/** An application whose scopes hold something, unless `untouched`, and that says what becomes of them: for tests. */
export function heldApplication(fetch: Fetch, { untouched = false } = {}): HeldApplication {
  const log: string[] = []
  const Held = token<object>('Held')
  const held = provider('held', {
    register(container) {
      const dispose = (): void => void log.push('end')
      container.scoped(
        Held,
        factory([], () => ({}), { dispose }),
      )
    },
    shutdown: () => void log.push('shutdown'),
  })
  const app = createApplication({
    name: 'test',
    providers: [held],
    onError: ({ error, phase }) => void log.push(`${phase}: ${(error as Error).message}`),
    fetch: (request, env, context) => {
      if (!untouched) context.scope.get(Held)
      return fetch(request, env, context)
    },
  })
  return { app, log }
}

/** Waits for what comes soon, or until the test's own time is over. */
export async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 1))
}
