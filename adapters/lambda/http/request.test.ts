import { describe, expect, it } from 'vitest'
import { writers } from '../../../test/lambda/fixtures/wire-events.ts'
import { httpEventOf } from './event.ts'
import { toRequest } from './request.ts'

const sent = { method: 'GET', path: '/a', query: [], headers: [], cookies: [], body: new Uint8Array() }
type Event = Record<string, unknown> & { readonly headers?: object }
const eventOf = (source: string) => writers[source]!.write(sent) as Event
const requestOf = (event: Event): Request =>
  toRequest(httpEventOf(event)!, { basePath: '', signal: new AbortController().signal })

describe('the URL of a request', () => {
  const single = ['a REST API', 'a function URL', 'a load balancer', 'VPC Lattice', 'VPC Lattice’s first structure']
  it.each(single)('the URL of a request behind %s follows x-forwarded-proto', (source) => {
    const event = eventOf(source)
    const multiple = source === 'a REST API' ? { multiValueHeaders: {} } : {}
    for (const [forwarded, protocol] of [
      ['http', 'http:'],
      ['HTTP', 'http:'],
      ['http, https', 'http:'],
      ['https', 'https:'],
      ['https,http', 'https:'],
      ['gopher', 'https:'],
      ['', 'https:'],
    ] as const) {
      const headers = { ...event.headers, 'x-forwarded-proto': forwarded }
      expect([forwarded, new URL(requestOf({ ...event, ...multiple, headers }).url).protocol]).toEqual([
        forwarded,
        protocol,
      ])
    }
  })

  it('is HTTPS where nothing says how the source was asked', () => {
    expect(requestOf(eventOf('a REST API')).url).toBe('https://x.test/a')
  })

  const lattice = eventOf('VPC Lattice')
  it.each([
    ['/a?q=1&q=2', { q: ['1', '2'] }, '?q=1&q=2'],
    ['/a?q=%20+', undefined, '?q=%20+'],
    ['/a?q=1', { other: ['2'] }, '?q=1'],
    ['/a?', { q: ['1'] }, ''],
    ['/a?q=?', {}, '?q=?'],
    ['/a', { q: ['1'] }, '?q=1'],
    ['/a', undefined, ''],
  ])('the URL of a request of VPC Lattice for path %s and parameters %j', (path, queryStringParameters, search) => {
    const { pathname, search: seen } = new URL(requestOf({ ...lattice, path, queryStringParameters }).url)
    expect([pathname, seen]).toEqual(['/a', search])
  })

  const first = eventOf('VPC Lattice’s first structure')
  it.each([
    ['/a?q=1', { q: '2' }, '?q=1'],
    ['/a', { q: '2' }, '?q=2'],
    ['/a', undefined, ''],
  ])(
    'the URL of a request of VPC Lattice’s first structure for path %s and parameters %j',
    (raw_path, query_string_parameters, search) => {
      expect(new URL(requestOf({ ...first, raw_path, query_string_parameters }).url).search).toBe(search)
    },
  )
})

describe('a value that stands only in the member for single values', () => {
  it.each(['a REST API', 'a load balancer with multiple values'])('is a header of %s', (source) => {
    const headers = { 'X-Single': '1', 'X-Both': 'last' }
    const multiValueHeaders = { host: ['x.test'], 'x-both': ['first', 'last'] }
    const request = requestOf({ ...eventOf(source), headers, multiValueHeaders })
    expect([request.headers.get('x-single'), request.headers.get('x-both')]).toEqual(['1', 'first, last'])
  })

  it('is in the query', () => {
    const queryStringParameters = { single: '1', both: 'last', BOTH: '2' }
    const multiValueQueryStringParameters = { both: ['first', 'last'] }
    const { url } = requestOf({ ...eventOf('a REST API'), queryStringParameters, multiValueQueryStringParameters })
    expect(new URL(url).search).toBe('?both=first&both=last&single=1&BOTH=2')
  })
})

describe('an event of VPC Lattice’s first structure', () => {
  const event = eventOf('VPC Lattice’s first structure')

  it.each([
    ['text', 'hello', false],
    ['base64', Buffer.from('hello').toString('base64'), true],
  ])('has its body as %s', async (_name, body, is_base64_encoded) => {
    const request = requestOf({ ...event, method: 'POST', body, is_base64_encoded })
    expect(await request.text()).toBe('hello')
  })

  it('is undefined without its path', () => {
    expect(httpEventOf({ ...event, raw_path: undefined, method: 'GET' })).toBeDefined()
    const { raw_path: _path, ...rest } = event
    expect(httpEventOf(rest)).toBeUndefined()
  })
})

describe('a WebSocket’s event', () => {
  it('is not a request, though it has a method and a path', () => {
    const requestContext = { connectionId: 'L0SM9cOFvHcCIhw=', eventType: 'CONNECT' }
    expect(httpEventOf({ ...eventOf('a REST API'), requestContext })).toBeUndefined()
  })
})
