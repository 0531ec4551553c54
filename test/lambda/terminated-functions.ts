// Two functions of two applications in one process, as one module may export them, which gets SIGTERM in the middle of
// an invocation.
import { setTimeout as delay } from 'node:timers/promises'
import { lambda } from '../../adapters/lambda/index.ts'
import { createApplication } from '../../src/index.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

function functionNamed(name: string, shutdownTime: number) {
  const shutdown = async (): Promise<void> => {
    await delay(shutdownTime)
    say(`${name} shut down`)
  }
  const app = createApplication({
    name,
    providers: [{ name, shutdown }],
    async fetch() {
      process.kill(process.pid, 'SIGTERM')
      await delay(30)
      return new Response('served')
    },
  })
  return lambda(app, { env: {} })
}

const first = functionNamed('first', 5)
functionNamed('second', 120)
const context = { awsRequestId: '1', getRemainingTimeInMillis: () => 10_000 }
const event = { rawPath: '/', headers: {}, requestContext: { http: { method: 'GET' } } }
const result = (await first(event, context)) as { statusCode: number }
say(`answered ${result.statusCode}`)
await delay(10_000)
