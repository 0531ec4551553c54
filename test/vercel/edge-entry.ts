// The conformance application as an edge function, the way the edge runtime loads one.
import { createConformanceApplication } from 'lexigram-edge/testing'
import { vercel } from 'lexigram-edge/vercel'

const handler = vercel(createConformanceApplication().app, { env: {} })

interface FetchEvent extends Event {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
addEventListener('fetch', (event) => {
  const { request } = event as FetchEvent
  ;(event as FetchEvent).respondWith(handler.fetch(request))
})
