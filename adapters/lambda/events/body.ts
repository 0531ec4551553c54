import { BadRequestError } from '../../../src/runtime/index.ts'
import { fromBase64 } from '../base64.ts'

/** How a body is read: as JSON, as text, or as it is. */
export type BodyFormat = 'json' | 'text' | 'bytes'

/** Reads the body of a record. @throws BadRequestError `LEX_ERR_DOM_001` for what is no body; names no content */
export function readBody(given: unknown, encoding: 'utf8' | 'base64', format: BodyFormat = 'json'): unknown {
  const bytes = bytesOf(given, encoding)
  if (format === 'bytes') return new Uint8Array(bytes)
  const text = bytes.toString('utf8')
  if (format === 'text') return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    // The parser's own message quotes what it has read.
    throw new BadRequestError('the body of a record is not JSON', {
      hint: "Pass { handler, body: 'text' } or { handler, body: 'bytes' } if it is not meant to be.",
    })
  }
}

function bytesOf(given: unknown, encoding: 'utf8' | 'base64'): Buffer {
  if (typeof given !== 'string') throw new BadRequestError('the body of a record is no string')
  const bytes = encoding === 'utf8' ? Buffer.from(given) : fromBase64(given)
  if (bytes === undefined) throw new BadRequestError('the body of a record is not base64')
  return bytes
}
