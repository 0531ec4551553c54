import { BadRequestError } from '../../../src/runtime/index.ts'

/** How a body is read: as JSON, as text, or as it is. */
export type BodyFormat = 'json' | 'text' | 'bytes'

/** Reads the body of a record. @throws BadRequestError `LEX_ERR_DOM_001` for what is no JSON; names no content */
export function readBody(bytes: Buffer, format: BodyFormat = 'json'): unknown {
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
