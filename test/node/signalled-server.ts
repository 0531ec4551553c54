// A server that reports what it does, for tests that end its process.
import { setTimeout as delay } from 'node:timers/promises'
import { serve } from '../../adapters/node/index.ts'
import { createApplication } from '../../src/index.ts'

const [, , scenario] = process.argv
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const app = createApplication({
  name: 'signalled',
  providers: [
    {
      name: 'told',
      async boot() {
        say('booting')
        if (scenario === 'slow boot') await delay(300)
      },
      shutdown: () => say('shut down'),
    },
  ],
  fetch(_request, _env, context) {
    context.waitUntil(delay(60_000))
    return new Response('served')
  },
})
const { url } = await serve(app, { port: 0, env: {} })
if (scenario === 'busy') {
  await (await fetch(url)).text()
  process.once('SIGTERM', () => say('draining'))
}
say('listening')
