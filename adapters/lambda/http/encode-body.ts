/** A response whose body was read. */
export interface WholeResponse {
  readonly response: Response
  readonly bytes: Uint8Array
  /** Overrides the rule of which content types are text. */
  readonly isContentTypeBinary?: ((contentType: string) => boolean) | undefined
}

export interface EncodedBody {
  readonly body: string
  readonly isBase64Encoded: boolean
}

/** A byte order mark is part of the body. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text goes as text when it is text and valid UTF-8; everything else, compressed text included, as base64. */
export function encodeBody({ response: { headers }, bytes, isContentTypeBinary }: WholeResponse): EncodedBody {
  const type = headers.get('content-type') ?? 'text/plain'
  const isBinary = isContentTypeBinary === undefined ? !isText(type) : isContentTypeBinary(type)
  if (!isBinary && !isCompressed(headers)) {
    try {
      return { body: utf8.decode(bytes), isBase64Encoded: false }
    } catch {
      // Another charset, or bytes that only claim to be text.
    }
  }
  return { body: Buffer.from(bytes).toString('base64'), isBase64Encoded: bytes.length > 0 }
}

/** Formats that are text outside of `text/*`: `application/yaml`, `application/x-ndjson`, `application/ld+json`, … */
const textFormats: ReadonlySet<string> = new Set(
  (
    'csv ecmascript edn graphql html http ini javascript jose json json5 jsonl jwt latex mbox mpegurl ndjson pem php ' +
    'plist quads rtf sdp sh sparql sql subrip tex toml trig triples typescript urlencoded xhtml xml yaml yml'
  ).split(' '),
)

/** Whether the type's name has the name of a text format among its parts. What only sounds like text is not valid UTF-8. */
function isText(contentType: string): boolean {
  const [type = '', subtype = ''] = contentType.split(';', 1)[0]!.trim().toLowerCase().split('/')
  return type === 'text' || type === 'message' || subtype.split(/[.+-]/).some((part) => textFormats.has(part))
}

/** True for any encoding except an empty header and `identity`. */
function isCompressed(headers: Headers): boolean {
  const encodings = (headers.get('content-encoding') ?? '').split(',').map((text) => text.trim().toLowerCase())
  return encodings.some((encoding) => encoding !== '' && encoding !== 'identity')
}
