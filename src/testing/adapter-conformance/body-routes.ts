import type { Fetch } from '../../runtime/application-options.ts'
import { bodyKinds, kindsOfRuntime } from './body-kinds.ts'
import { ConformanceSession } from './conformance-tokens.ts'

/** Bodies of each kind, and of each length, from a scope that holds something. */
export const bodyRoutes: Readonly<Record<string, Fetch>> = {
  '/body': async (request, _env, context) => {
    await context.scope.resolve(ConformanceSession)
    const kind = { ...bodyKinds, ...kindsOfRuntime() }[parameter(request, 'kind')]
    return kind!.response((work) => context.waitUntil(work))
  },
  '/kinds': () => Response.json(Object.entries(kindsOfRuntime()).map(([name, { text }]) => [name, text])),
  '/length': async (request, _env, { scope }) => {
    if (parameter(request, 'scope') === 'held') await scope.resolve(ConformanceSession)
    // Of a type that nothing on the way compresses.
    const headers = { 'content-length': '5', 'content-type': 'application/octet-stream' }
    return new Response('hello', { headers })
  },
}

function parameter(request: Request, name: string): string {
  return new URL(request.url).searchParams.get(name) ?? ''
}
