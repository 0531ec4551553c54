import { parseArrayLiteral } from '../text-format/array-literal.ts'
import { parseInstant } from '../text-format/instant.ts'

type Convert = (value: unknown) => unknown
type ConvertArray = (value: unknown, depth: number) => unknown

/** How Drizzle 1.x turns values of one type into those of JavaScript, and back. */
export interface Codec {
  readonly normalize?: Convert
  readonly normalizeArray?: ConvertArray
  readonly normalizeParam?: Convert
  readonly normalizeParamArray?: ConvertArray
  readonly normalizeInJson?: Convert
  readonly normalizeArrayInJson?: ConvertArray
}

export type Codecs = Readonly<Record<string, Codec | undefined>>

/**
 * Codecs for values that arrive as text and were decoded by their types, as with every driver of this package. Drizzle's
 * codecs for such texts in JSON work everywhere.
 *
 * @param generic those of Drizzle, which know JSON alone
 */
export function textCodecs(generic: Codecs): Codecs {
  const codecs: Record<string, Codec> = {}
  for (const [type, codec = {}] of Object.entries(generic)) {
    const { normalizeInJson: read } = codec
    codecs[type] = { ...codec, ...(read === undefined ? {} : reading(fromText(read))) }
  }
  for (const type of ['date', 'timestamp', 'timestamptz']) {
    const read = instant(generic[type]?.normalizeInJson)
    codecs[type] = { ...codecs[type], ...reading(read), normalizeInJson: read, normalizeArrayInJson: inArray(read) }
  }
  codecs['bytea'] = { ...codecs['bytea'], ...reading(toBuffer) }
  const written = { normalizeParam: toJson, normalizeParamArray: inArray(toJson) }
  codecs['json'] = { ...codecs['json'], ...written }
  codecs['jsonb'] = { ...codecs['jsonb'], ...written }
  return codecs
}

function reading(normalize: Convert): Codec {
  return { normalize, normalizeArray: inArray(normalize) }
}

/** What was decoded already, such as a number, stays as it is. */
function fromText(read: Convert): Convert {
  return (value) => (typeof value === 'string' ? read(value) : value)
}

/** Drizzle's own reading of some dates is another instant. */
function instant(read: Convert = (value) => value): Convert {
  return (value) => (typeof value === 'string' ? (parseInstant(value) ?? read(value)) : value)
}

/** Drizzle says that it is a buffer, where there are any. */
function toBuffer(value: unknown): unknown {
  return value instanceof Uint8Array && typeof Buffer !== 'undefined' ? Buffer.from(value) : value
}

/** A text would be taken for JSON itself. */
function toJson(value: unknown): unknown {
  return JSON.stringify(value)
}

function inArray(convert: Convert): ConvertArray {
  const each = (value: unknown, depth: number): unknown => {
    if (value === null || value === undefined) return value
    if (depth === 0) return convert(value)
    const elements: unknown = typeof value === 'string' ? parseArrayLiteral(value) : value
    return Array.isArray(elements) ? elements.map((element) => each(element, depth - 1)) : elements
  }
  return each
}
