// The conformance application as a function, with the triggers and faults that only Lambda has. What is missing from its
// environment is what its initialisation fails for.
import { createApplication, err, ok, provider } from 'lexigram-edge'
import { lambda } from 'lexigram-edge/lambda'
import { embeddedMetrics } from 'lexigram-edge/lambda/metrics'
import { ConformanceSession, createConformanceApplication } from 'lexigram-edge/testing'
import { createTracer } from 'lexigram-edge/tracing'

interface Counts {
  readonly sum?: number
  readonly [name: string]: unknown
}

if (process.env['FAIL_INIT'] === 'module') throw new Error('the module does not load')

const { app, log } = createConformanceApplication({
  onLog: (line) => void (process.env['PRINT_LOG'] && process.stdout.write(`log: ${line}\n`)),
})
const conformance = app.options.fetch!
let boots = 0

const flaky = provider('flaky', {
  async boot() {
    if (++boots > 1 || !process.env['FAIL_INIT']?.endsWith('boot')) return
    // Longer than Lambda takes to send the first event.
    if (process.env['FAIL_INIT'] === 'slow boot') await new Promise((resolve) => setTimeout(resolve, 500))
    throw new Error('down')
  },
  shutdown: () => void process.stdout.write('shut down\n'),
})

const application = createApplication({
  ...app.options,
  ...(process.env['METRICS'] && { tracer: createTracer(embeddedMetrics({ namespace: 'conformance' })) }),
  providers: [...app.options.providers!, flaky],
  fetch: (request, env, context) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/never') return new Promise<Response>(() => {})
    if (pathname === '/client') return Response.json([context.clientAddress, request.url])
    if (pathname === '/secret') return new Response((env as { SECRET?: string }).SECRET)
    return conformance(request, env, context)
  },
})

export const handler = lambda(application, {
  streaming: process.env['STREAMING'] === 'true',
  async env() {
    await new Promise((resolve) => setTimeout(resolve, 10))
    return { ...process.env, SECRET: 'from elsewhere' }
  },
  on: {
    sqs(message, scope) {
      log.push(`message ${String(message.body)} in session ${scope.get(ConformanceSession).id}`)
      if (message.body === 'never') return new Promise(() => {})
      if (message.body === 'throw') throw new Error('poison')
      return message.body === 'err' ? err(new Error('refused')) : ok()
    },
    kinesis: {
      window: {
        add: (state: Counts, { body }) =>
          body === 'fail' ? err('no') : { ...state, sum: (state.sum ?? 0) + Number(body) },
        end: (state, window) => void log.push(`window of ${window.shardId}: ${JSON.stringify(state)}`),
      },
    },
    webSocket: ({ requestContext }) => ({ statusCode: 200, body: requestContext.eventType }),
    schedule: () => Promise.reject(new Error('nothing to do')),
    other: () => log.splice(0),
  },
})
