// The conformance application as a function, with the triggers and faults that only Lambda has. What is missing from its
// environment is what its initialisation fails for.
import { createApplication, err, ok, provider } from 'lexigram-edge'
import { lambda } from 'lexigram-edge/lambda'
import { ConformanceSession, createConformanceApplication } from 'lexigram-edge/testing'

if (process.env['FAIL_INIT'] === 'module') throw new Error('the module does not load')

const { app, log } = createConformanceApplication({
  onLog: (line) => void (process.env['PRINT_LOG'] && process.stdout.write(`log: ${line}\n`)),
})
const conformance = app.options.fetch!
let boots = 0

const flaky = provider('flaky', {
  boot: () => (++boots === 1 && process.env['FAIL_INIT'] === 'boot' ? Promise.reject(new Error('down')) : undefined),
  shutdown: () => void process.stdout.write('shut down\n'),
})

const application = createApplication({
  ...app.options,
  providers: [...app.options.providers!, flaky],
  fetch: (request, env, context) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/never') return new Promise<Response>(() => {})
    return conformance(request, env, context)
  },
})

export const handler = lambda(application, {
  streaming: process.env['STREAMING'] === 'true',
  on: {
    sqs(message, scope) {
      log.push(`message ${String(message.body)} in session ${scope.get(ConformanceSession).id}`)
      if (message.body === 'never') return new Promise(() => {})
      if (message.body === 'throw') throw new Error('poison')
      return message.body === 'err' ? err(new Error('refused')) : ok()
    },
    schedule: () => Promise.reject(new Error('nothing to do')),
    other: () => log.splice(0),
  },
})
