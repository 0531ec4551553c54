import type { IncomingMessage, ServerResponse } from 'node:http'
import type { InspectorState } from '../receive/inspector-state.ts'
import { parseBatch } from '../receive/parse-batch.ts'
import { mostFollowers, type Followers } from './events.ts'
import { refusalOf } from './guard.ts'
import type { Page } from './page.ts'
import type { ReadJson } from './read-json.ts'

export interface Serving {
  readonly state: InspectorState
  readonly followers: Followers
  readonly page: Page | undefined
  readonly readJson: ReadJson
  /** The port, which is known when the server listens. */
  readonly port: () => number
}

/** Nothing of it is kept by a browser, framed, or read as another type. */
const always = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
}

const tooMany = `the inspector cannot be followed: ${mostFollowers} pages are open already. Close one, and reload this page.\n`

const notBuilt = 'the page of the inspector cannot be shown: it was not built. Run npm run build.\n'

/** Answers one request. Never rejects for what a client does. */
export async function answer(serving: Serving, message: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(always)) response.setHeader(name, value)
  const { host, origin, 'sec-fetch-site': site } = message.headers
  const fetchSite = Array.isArray(site) ? site.join() : site
  const refusal = refusalOf({ host, origin, fetchSite }, serving.port())
  if (refusal !== undefined) return text(response, 403, `${refusal}\n`)
  // Parsed as little as possible: `new URL` throws for much that a client may send.
  const [path = ''] = (message.url ?? '').split('?', 1)
  if (!/^\/(?![/\\])/.test(path)) return text(response, 400, 'the target of a request must be a path\n')
  await route(serving, { message, response, path })
}

interface Exchange {
  readonly message: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
}

async function route(
  { state, followers, page, readJson }: Serving,
  { message, response, path }: Exchange,
): Promise<void> {
  switch (`${message.method} ${path}`) {
    case 'GET /':
      if (page === undefined) return text(response, 503, notBuilt)
      response.setHeader('content-security-policy', page.policy)
      response.setHeader('content-type', 'text/html; charset=utf-8')
      return void response.end(page.html)
    case 'GET /api/overview':
      return json(response, state.overview())
    case 'GET /api/statements':
      return json(response, state.statements())
    case 'GET /api/events':
      if (followers.add(response)) return
      response.setHeader('retry-after', '5')
      return text(response, 503, tooMany)
    case 'POST /api/clear':
      state.clear()
      return text(response, 204, '')
    case 'POST /ingest':
      return ingest({ state, readJson }, message, response)
  }
  const [, id] = /^\/api\/requests\/([\w-]+)$/.exec(path) ?? []
  const found = message.method === 'GET' && id !== undefined ? state.trace(id) : undefined
  if (found === undefined) return text(response, 404, 'there is nothing here\n')
  json(response, found)
}

const refusals = {
  400: 'the batch must be JSON\n',
  413: 'the batch must have at most 8 MiB: send fewer spans at once\n',
  503: 'the batch cannot be taken: too many are on their way. Send it again later\n',
}

async function ingest(
  { state, readJson }: Pick<Serving, 'state' | 'readJson'>,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const read = await readJson(message)
  if ('status' in read) {
    response.setHeader('connection', 'close')
    return text(response, read.status, refusals[read.status])
  }
  const batch = parseBatch(read.body)
  if (batch === undefined) return text(response, 400, 'the batch must be what an application sends\n')
  state.take(batch)
  text(response, 204, '')
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(value))
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(body)
}
