import { describe, expect, it } from 'vitest'
import { encodeBody } from './encode-body.ts'

const text = new TextEncoder().encode('a: ü')
const isText = (headers: Record<string, string>, bytes: Uint8Array = text, isContentTypeBinary?: () => boolean) =>
  !encodeBody({ response: new Response(null, { headers }), bytes, isContentTypeBinary }).isBase64Encoded

describe('a body', () => {
  it.each([
    'text/plain',
    'TEXT/HTML; charset=utf-8',
    'text/csv',
    'application/json',
    'application/json;charset=utf-8',
    'application/problem+json',
    'application/vnd.api+json; profile="x"',
    'application/json-patch+json',
    'application/json-seq',
    'application/xml',
    'application/xml-dtd',
    'application/atom+xml',
    'image/svg+xml',
    'application/yaml',
    'application/x-yaml',
    'application/vnd.oai.openapi+yaml',
    'application/x-ndjson',
    'application/jsonl',
    'application/toml',
    'application/sql',
    'application/graphql',
    'application/javascript',
    'application/x-www-form-urlencoded',
    'application/x-sh',
    'application/vnd.apple.mpegurl',
    'application/n-triples',
    'message/http',
  ])('a body of %s goes as text', (type) => {
    expect(isText({ 'content-type': type })).toBe(true)
  })

  it.each([
    'image/png',
    'application/octet-stream',
    'application/pdf',
    'application/zip',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.sqlite3',
    'application/grpc',
    'nonsense',
    '',
  ])('a body of %j goes as base64', (type) => {
    expect(isText({ 'content-type': type })).toBe(false)
  })

  it('a body without a type goes as text', () => {
    expect(isText({})).toBe(true)
  })

  it.each(['', 'identity', ' Identity ', 'identity, identity'])('a body of encoding %j goes as text', (encoding) => {
    expect(isText({ 'content-type': 'text/plain', 'content-encoding': encoding })).toBe(true)
  })

  it.each(['gzip', 'br', 'identity, gzip'])('a body of encoding %j goes as base64', (encoding) => {
    expect(isText({ 'content-type': 'text/plain', 'content-encoding': encoding })).toBe(false)
  })

  it('a body that is not valid UTF-8 goes as base64', () => {
    expect(isText({ 'content-type': 'text/plain;charset=ISO-8859-1' }, new Uint8Array([0xe4]))).toBe(false)
  })

  it('keeps its byte order mark', () => {
    const bytes = new TextEncoder().encode('\uFEFFtext')
    expect(encodeBody({ response: new Response(null), bytes }).body).toBe('\uFEFFtext')
  })
})

describe('isContentTypeBinary', () => {
  it('has text go as base64', () => {
    expect(isText({ 'content-type': 'text/plain' }, text, () => true)).toBe(false)
  })

  it('has another type go as text', () => {
    expect(isText({ 'content-type': 'application/octet-stream' }, text, () => false)).toBe(true)
  })

  it('cannot have bytes go as text that are not valid UTF-8', () => {
    expect(isText({ 'content-type': 'image/png' }, new Uint8Array([0xff]), () => false)).toBe(false)
  })

  it('cannot have a compressed body go as text', () => {
    expect(isText({ 'content-type': 'text/plain', 'content-encoding': 'gzip' }, text, () => false)).toBe(false)
  })
})
