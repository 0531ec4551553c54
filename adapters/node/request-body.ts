import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * The body of a request, read as fast as it is asked for.
 *
 * What is left of it when the response is out goes by unread, so that the connection can serve the next request; Node
 * does that only for a body that nobody has touched, and cutting the connection could cost the client its response.
 * Reading such a rest fails. A body that somebody is still reading is left to them.
 */
export function bodyOf(message: IncomingMessage, response: ServerResponse): ReadableStream<Uint8Array> {
  let over = false
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const end = (finish: () => void): void => {
          if (!over) finish()
          over = true
        }
        // Listening for data would set it flowing.
        message.pause()
        message.on('data', (chunk: Uint8Array) => {
          if (over) return
          controller.enqueue(chunk)
          message.pause()
        })
        message.on('end', () => end(() => controller.close()))
        message.on('error', (error) => end(() => controller.error(error)))
        message.on('close', () => end(() => controller.error(new Error('the client broke the request off'))))
        response.once('finish', () => {
          if (body.locked) return
          end(() => controller.error(new Error('the rest of the request was dropped after its response')))
          message.resume()
        })
      },
      pull: () => void message.resume(),
      cancel() {
        over = true
        message.resume()
      },
    },
    // Nothing is fetched ahead: an untouched body is Node's to drop.
    { highWaterMark: 0 },
  )
  return body
}
