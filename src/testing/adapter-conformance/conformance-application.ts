import { provider } from '../../runtime/provider.ts'
import { factory } from '../../container/registration.ts'
import { assertOptions, must } from '../../core/assert-options.ts'
import type { LogRecord } from '../../core/log/log.ts'
import { token, type Token } from '../../core/token.ts'
import { createApplication, type Application } from '../../runtime/application.ts'
import { conformanceRoutes } from './conformance-routes.ts'
import { ConformanceSession, ConformanceTransaction } from './conformance-tokens.ts'

const Shared: Token<object> = token<object>('ConformanceShared')

/** The application under test, and its log. */
export interface ConformanceApplication {
  readonly app: Application
  /** What happened, oldest first; `/log` empties it. Other triggers' handlers may add to it. */
  readonly log: string[]
}

/** Options of `createConformanceApplication`. */
export interface ConformanceOptions {
  /** Called with each line as it is logged, also by the application's boot and end. @default none */
  readonly onLog?: (line: string) => void
}

/**
 * The application that `adapterConformance` expects under the tested adapter. Each route makes one thing about the
 * lifecycle visible; `/log` reports what happened, so that the application may run in another process.
 */
export function createConformanceApplication(options: ConformanceOptions = {}): ConformanceApplication {
  const { onLog } = assertOptions(options, { onLog: must.beFunction }, 'the options of createConformanceApplication')
  const log: string[] = []
  const lifecycle: string[] = []
  const record = (line: string): void => {
    log.push(line)
    onLog?.(line)
  }
  const mark = (line: string): void => {
    lifecycle.push(line)
    onLog?.(line)
  }
  let sessions = 0
  const session = provider('session', {
    register(container) {
      mark('register')
      container.singleton(
        Shared,
        factory([], () => ({}), { dispose: () => mark('singleton released') }),
      )
      container.scoped(
        ConformanceSession,
        factory([Shared], () => ({ id: ++sessions }), { dispose: ({ id }) => record(`end ${id}`) }),
      )
      container.scoped(
        ConformanceTransaction,
        factory([ConformanceSession], () => ({}), { dispose: () => record('transaction released') }),
      )
    },
    boot: () => mark('boot'),
    shutdown: () => mark('shutdown'),
  })
  const lines: LogRecord[] = []
  const routes = conformanceRoutes(record, lines)
  let handled = 0
  const app = createApplication({
    name: 'conformance',
    providers: [session],
    statuses: { SOLD_OUT: 409 },
    log: (line) => void lines.push(line),
    onError: ({ error, phase }) => record(`${phase}: ${messageOf(error)}`),
    fetch: (request, env, context) => {
      if (handled++ === 0) mark('request')
      const { pathname } = new URL(request.url)
      if (pathname === '/log') return Response.json(log.splice(0))
      if (pathname === '/lifecycle') return Response.json(lifecycle)
      return (routes[pathname] ?? routes['/'])!(request, env, context) // there is a route for '/'
    },
  })
  return { app, log }
}

/** Of an error its message; whatever else was thrown as it is. */
function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message
  return typeof error === 'string' ? error : JSON.stringify(error)
}
