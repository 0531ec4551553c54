// Every kind of body that a Worker may return, by name.

interface Pair {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}
declare const IdentityTransformStream: new () => Pair
declare const FixedLengthStream: new (length: number) => Pair
declare const HTMLRewriter: new () => {
  on(
    selector: string,
    handlers: { element(element: { setInnerContent(text: string): void }): void },
  ): {
    transform(response: Response): Response
  }
}

/** What a kind may use of its request. */
export interface Given {
  readonly env: { readonly UPSTREAM: { fetch(url: string, init?: RequestInit): Promise<Response> } }
  readonly waitUntil: (work: Promise<unknown>) => void
}
type Kind = (given: Given) => Response | Promise<Response>

const text = 'hello, wörld\n'
const encode = (part: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(part)
const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

/** Three parts, one after the other. */
async function feed(writable: WritableStream<Uint8Array>, parts = 3): Promise<void> {
  const writer = writable.getWriter()
  for (let i = 0; i < parts; i++) {
    await nextTurn()
    await writer.write(encode(`part${i}`))
  }
  await writer.close()
}

type StreamOptions = { readonly type?: 'bytes'; readonly chunk?: (part: string) => unknown }

function parts({ type, chunk = encode }: StreamOptions = {}): ReadableStream<Uint8Array> {
  let sent = 0
  // The types distinguish sources of bytes, which workerd does not need.
  return new ReadableStream({
    type: type as undefined,
    async pull(controller: ReadableStreamDefaultController) {
      await nextTurn()
      if (sent < 3) controller.enqueue(chunk(`part${sent++}`))
      else controller.close()
    },
  })
}

function fedBy(pair: Pair, { waitUntil }: Given): ReadableStream<Uint8Array> {
  waitUntil(feed(pair.writable))
  return pair.readable
}

const gzipped = (): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new Response(text).body!.pipeThrough(new CompressionStream('gzip'))
const zipHeaders = { 'content-encoding': 'gzip' }
/** The body is encoded already. An init of Workers alone. */
const asEncoded = { encodeBody: 'manual', headers: zipHeaders } as ResponseInit

export const kinds: Readonly<Record<string, Kind>> = {
  text: () => new Response(text),
  'text with a length': () => new Response('hello', { headers: { 'content-length': '5' } }),
  'an empty text': () => new Response(''),
  json: () => Response.json({ id: 1 }),
  bytes: () => new Response(encode(text)),
  'an array buffer': () => new Response(encode(text).buffer),
  'a blob': () => new Response(new Blob([text])),
  'the stream of a blob': () => new Response(new Blob([text]).stream()),
  'a form': () => new Response(new URLSearchParams({ a: '1' })),
  '3 MB of bytes': () => new Response(Uint8Array.from({ length: 3_000_000 }, (_, i) => i * 31)),
  'a body of another response': () => new Response(new Response(text).body),
  'a part of a file': () => new Response('part', { status: 206, headers: { 'content-range': 'bytes 0-3/9' } }),
  'no body': () => new Response(null),
  'no content': () => new Response(null, { status: 204 }),
  'a redirect': () => Response.redirect('https://x.test/', 302),

  'a stream': () => new Response(parts()),
  'a stream of bytes': () => new Response(parts({ type: 'bytes' })),
  'a stream of text': () => new Response(parts({ chunk: (part) => part })),
  'a stream of buffers': () => new Response(parts({ chunk: (part) => encode(part).buffer })),
  'a stream of views': () => new Response(parts({ chunk: (part) => new DataView(encode(part).buffer) })),
  'a stream with a length that its header states': () => new Response(parts(), { headers: { 'content-length': '15' } }),
  'a stream that is shorter than its header states': () =>
    new Response(parts(), { headers: { 'content-length': '99' } }),
  'a stream with a known length': () =>
    new Response(
      new ReadableStream({
        expectedLength: 3,
        start(controller) {
          controller.enqueue(encode('all'))
          controller.close()
        },
      } as UnderlyingDefaultSource<Uint8Array>),
    ),
  'server-sent events': () =>
    new Response(parts({ chunk: (part) => encode(`data: ${part}\n\n`) }), {
      headers: { 'content-type': 'text/event-stream' },
    }),

  'an identity stream that is written to': (given) => new Response(fedBy(new IdentityTransformStream(), given)),
  'an identity stream that is written to without waitUntil': () => {
    const { readable, writable } = new IdentityTransformStream()
    void feed(writable)
    return new Response(readable)
  },
  'a stream piped through an identity stream': () => new Response(parts().pipeThrough(new IdentityTransformStream())),
  'a stream piped to an identity stream': ({ waitUntil }) => {
    const { readable, writable } = new IdentityTransformStream()
    waitUntil(parts().pipeTo(writable))
    return new Response(readable)
  },
  'a text piped through an identity stream': () =>
    new Response(new Response(text).body!.pipeThrough(new IdentityTransformStream())),
  'a stream of fixed length that is written to': (given) => new Response(fedBy(new FixedLengthStream(15), given)),
  'a text piped through a stream of fixed length': () =>
    new Response(new Response('hello').body!.pipeThrough(new FixedLengthStream(5))),
  'a transformed stream': () => new Response(parts().pipeThrough(new TransformStream())),
  'an encoded stream': () =>
    new Response(parts({ chunk: (part) => part }).pipeThrough(new TextEncoderStream() as never)),
  'a compressed stream': () => new Response(parts().pipeThrough(new CompressionStream('gzip') as never)),
  'a decompressed stream': () => new Response(gzipped().pipeThrough(new DecompressionStream('gzip'))),

  'a text that workerd compresses': () => new Response(text, { headers: zipHeaders }),
  'a stream that workerd compresses': () => new Response(parts(), { headers: zipHeaders }),
  'a stream of fixed length that workerd compresses': (given) =>
    new Response(fedBy(new FixedLengthStream(15), given), { headers: zipHeaders }),
  'bytes that are compressed': async () => new Response(await new Response(gzipped()).bytes(), asEncoded),
  'a stream that is compressed': () => new Response(gzipped(), asEncoded),
  'a stream of fixed length that is compressed': async (given) => {
    const bytes = await new Response(gzipped()).bytes()
    const { readable, writable } = new FixedLengthStream(bytes.length)
    const write = async (): Promise<void> => {
      const writer = writable.getWriter()
      await writer.write(bytes.subarray(0, 9))
      await nextTurn()
      await writer.write(bytes.subarray(9))
      await writer.close()
    }
    given.waitUntil(write())
    return new Response(readable, asEncoded)
  },

  'one half of a text': ({ waitUntil }) => {
    const [one, other] = new Response(text).body!.tee()
    waitUntil(new Response(other).text())
    return new Response(one)
  },
  'one half of a text, while the other is not read': () => new Response(new Response(text).body!.tee()[0]),
  'one half of an identity stream': (given) => {
    const [one, other] = fedBy(new IdentityTransformStream(), given).tee()
    given.waitUntil(new Response(other).text())
    return new Response(one)
  },
  'one half of a stream': ({ waitUntil }) => {
    const [one, other] = parts().tee()
    waitUntil(new Response(other).text())
    return new Response(one)
  },
  'a response whose clone is logged': ({ waitUntil }) => {
    const response = new Response(text)
    waitUntil(response.clone().text())
    return response
  },
  'the clone of a response': ({ waitUntil }) => {
    const response = new Response(text)
    const clone = response.clone()
    waitUntil(response.text())
    return clone
  },
  'a stream whose clone is logged': ({ waitUntil }) => {
    const response = new Response(parts())
    waitUntil(response.clone().text())
    return response
  },
  'an identity stream whose clone is logged': (given) => {
    const response = new Response(fedBy(new IdentityTransformStream(), given))
    given.waitUntil(response.clone().text())
    return response
  },

  'an answer of another server': ({ env }) => env.UPSTREAM.fetch('https://up.test/text'),
  'an answer of another server in chunks': ({ env }) => env.UPSTREAM.fetch('https://up.test/chunks'),
  'an answer of another server that is compressed': ({ env }) => env.UPSTREAM.fetch('https://up.test/gzip'),
  'an answer of another server without a body': ({ env }) => env.UPSTREAM.fetch('https://up.test/not-modified'),
  'an answer of another server with headers added': async ({ env }) => {
    const response = await env.UPSTREAM.fetch('https://up.test/text')
    return new Response(response.body, { headers: { ...Object.fromEntries(response.headers), 'x-added': '1' } })
  },
  'an answer of another server that is transformed, with its headers': async ({ env }) => {
    const response = await env.UPSTREAM.fetch('https://up.test/text')
    const longer = new TransformStream<Uint8Array, Uint8Array>({
      flush: (controller) => controller.enqueue(encode('!')),
    })
    return new Response(response.body!.pipeThrough(longer), response)
  },
  'an answer of another server whose clone is logged': async ({ env, waitUntil }) => {
    const response = await env.UPSTREAM.fetch('https://up.test/text')
    waitUntil(response.clone().text())
    return response
  },
  'rewritten HTML': () => rewrite(new Response('<b>old</b>', { headers: { 'content-type': 'text/html' } })),
  'rewritten HTML of another server': async ({ env }) => rewrite(await env.UPSTREAM.fetch('https://up.test/html')),
  'a response of the cache': async () => {
    const key = `https://cache.test/${crypto.randomUUID()}`
    // Workers have one that is always open.
    const { default: cache } = caches as unknown as { readonly default: Cache }
    await cache.put(key, new Response(text, { headers: { 'cache-control': 'max-age=60' } }))
    return (await cache.match(key))!
  },

  'a stream that fails half-way': () => {
    let sent = 0
    return new Response(
      new ReadableStream({
        async pull(controller) {
          await nextTurn()
          if (sent++ === 2) throw new Error('half-way')
          controller.enqueue(encode('part'))
        },
      }),
    )
  },
  'an identity stream that is given up': () => {
    const { readable, writable } = new IdentityTransformStream()
    const giveUp = async (): Promise<void> => {
      const writer = writable.getWriter()
      await writer.write(encode('part'))
      await writer.abort(new Error('half-way'))
    }
    void giveUp()
    return new Response(readable)
  },
  'a stream of fixed length that is too short': () => {
    const { readable, writable } = new FixedLengthStream(15)
    void feed(writable, 2).catch(() => {})
    return new Response(readable)
  },
  'a stream of what is not bytes': () => new Response(parts({ chunk: (part) => ({ part }) })),
  // All of its bytes have come when it fails: the answer is complete.
  'a stream that fails after its last byte': () => {
    let sent = false
    return new Response(
      new ReadableStream({
        expectedLength: 3,
        async pull(controller) {
          if (sent) await nextTurn()
          if (sent) throw new Error('too late')
          sent = true
          controller.enqueue(encode('all'))
        },
      } as UnderlyingDefaultSource<Uint8Array>),
    )
  },
}

function rewrite(response: Response): Response {
  return new HTMLRewriter()
    .on('b', { element: (element) => element.setInnerContent('new, and longer') })
    .transform(response)
}
