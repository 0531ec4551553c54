/** A kind of body that a handler may return. */
export interface BodyKind {
  readonly response: (waitUntil: (work: Promise<unknown>) => void) => Response | Promise<Response>
  /** What arrives, as text. */
  readonly text: string
}

/** The kinds that every runtime has. */
export const bodyKinds: Readonly<Record<string, BodyKind>> = {
  'a text': { response: () => new Response('häh'), text: 'häh' },
  'an empty text': { response: () => new Response(''), text: '' },
  bytes: { response: () => new Response(encode('häh')), text: 'häh' },
  'a blob': { response: () => new Response(new Blob(['ha', 'h'])), text: 'hah' },
  'a form': { response: () => new Response(new URLSearchParams({ a: '1' })), text: 'a=1' },
  JSON: { response: () => Response.json({ a: 1 }), text: '{"a":1}' },
  'a large text': { response: () => new Response('x'.repeat(300_000)), text: 'x'.repeat(300_000) },
  'a body of another response': { response: () => new Response(new Response('hah').body), text: 'hah' },
  'a stream that is there already': { response: () => new Response(whole('hah')), text: 'hah' },
  'a stream that comes in parts': { response: () => new Response(parts()), text: 'part0part1part2' },
  'a stream that is empty': { response: () => new Response(whole()), text: '' },
  'a stream of bytes': { response: () => new Response(byteParts()), text: 'part0part1part2' },
  'a transformed stream': {
    response: () => new Response(parts().pipeThrough(new TransformStream())),
    text: 'part0part1part2',
  },
  'one half of a stream': {
    response(waitUntil) {
      const [one, other] = parts().tee()
      waitUntil(new Response(other).text())
      return new Response(one)
    },
    text: 'part0part1part2',
  },
  'a response whose clone is read': {
    response(waitUntil) {
      const response = new Response('hah')
      waitUntil(response.clone().text())
      return response
    },
    text: 'hah',
  },
  'the clone of a response that is read': {
    response(waitUntil) {
      const response = new Response(parts())
      const clone = response.clone()
      waitUntil(response.text())
      return clone
    },
    text: 'part0part1part2',
  },
  'server-sent events': {
    response: () =>
      new Response(
        parts((part) => `data: ${part}\n\n`),
        { headers: { 'content-type': 'text/event-stream' } },
      ),
    text: 'data: part0\n\ndata: part1\n\ndata: part2\n\n',
  },
}

/** The kinds that only some runtimes have: of those the global is there. */
export function kindsOfRuntime(): Readonly<Record<string, BodyKind>> {
  const has = (name: string): boolean => name in globalThis
  return {
    ...(has('CompressionStream') && { 'a stream that was compressed': compressed }),
    ...(has('IdentityTransformStream') && { 'an identity stream': identity }),
    ...(has('FixedLengthStream') && { 'a stream of fixed length': fixedLength }),
    ...(has('HTMLRewriter') && { 'rewritten HTML': rewritten }),
  }
}

const compressed: BodyKind = {
  response() {
    const zipped = new Response('hah').body!.pipeThrough(new CompressionStream('gzip')) // made with a body
    return new Response(zipped.pipeThrough(new DecompressionStream('gzip')))
  },
  text: 'hah',
}

interface Pair {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}
// Of workerd.
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

const identity: BodyKind = {
  response: (waitUntil) => new Response(fedBy(new IdentityTransformStream(), waitUntil)),
  text: 'part0part1part2',
}
const fixedLength: BodyKind = {
  response: (waitUntil) => new Response(fedBy(new FixedLengthStream(15), waitUntil)),
  text: 'part0part1part2',
}
const rewritten: BodyKind = {
  response() {
    const html = new Response('<b>old</b>', { headers: { 'content-type': 'text/html' } })
    return new HTMLRewriter().on('b', { element: (element) => element.setInnerContent('new') }).transform(html)
  },
  text: '<b>new</b>',
}

function fedBy({ readable, writable }: Pair, waitUntil: (work: Promise<unknown>) => void): ReadableStream<Uint8Array> {
  const feed = async (): Promise<void> => {
    const writer = writable.getWriter()
    for (let part = 0; part < 3; part++) {
      await nextTurn()
      await writer.write(encode(`part${part}`))
    }
    await writer.close()
  }
  waitUntil(feed())
  return readable
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1))
}

function whole(text?: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (text !== undefined) controller.enqueue(encode(text))
      controller.close()
    },
  })
}

function parts(format = (part: string): string => part): ReadableStream<Uint8Array> {
  let sent = 0
  return new ReadableStream({
    async pull(controller) {
      await nextTurn()
      if (sent < 3) controller.enqueue(encode(format(`part${sent++}`)))
      else controller.close()
    },
  })
}

function byteParts(): ReadableStream<Uint8Array> {
  let sent = 0
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      await nextTurn()
      if (sent < 3) return controller.enqueue(encode(`part${sent++}`))
      controller.close()
      controller.byobRequest?.respond(0)
    },
  })
}
