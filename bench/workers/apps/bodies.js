// The same bodies: as they are (`/plain`), watched by a native pipe by hand (`/hand`), and from a scope that holds nothing
// (`/empty`) or something (`/watched`).
import { createApplication, factory, provider, token } from 'lexigram-edge'
import { workers } from 'lexigram-edge/workers'

const large = 'x'.repeat(1_000_000)
const event = new TextEncoder().encode('data: 0123456789\n\n')

const bodies = {
  text: () => new Response('{"id":"42","name":"lamp","number":1}'),
  large: () => new Response(large),
  events() {
    let left = 50
    const pull = (controller) => (left-- > 0 ? controller.enqueue(event) : controller.close())
    return new Response(new ReadableStream({ pull }), { headers: { 'content-type': 'text/event-stream' } })
  },
}
const bodyOf = (request) => bodies[new URL(request.url).pathname.split('/')[2]]()

const Session = token('Session')
const sessions = provider('sessions', {
  register: (container) =>
    void container.scoped(
      Session,
      factory([], () => ({}), { dispose: () => {} }),
    ),
})
const app = createApplication({
  name: 'bodies',
  providers: [sessions],
  fetch(request, _env, { scope }) {
    if (!request.url.includes('/empty/')) scope.get(Session)
    return bodyOf(request)
  },
})
const worker = workers(app)

export default {
  fetch(request, env, ctx) {
    const [, kind] = new URL(request.url).pathname.split('/')
    if (kind === 'watched' || kind === 'empty') return worker.fetch(request, env, ctx)
    const response = bodyOf(request)
    if (kind === 'plain') return response
    const { readable, writable } = new IdentityTransformStream()
    ctx.waitUntil(response.body.pipeTo(writable))
    return new Response(readable, response)
  },
}
