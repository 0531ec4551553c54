import type { ServerResponse } from 'node:http'
import type { InspectorState } from '../receive/inspector-state.ts'

/** Most pages that are open at a time. */
export const mostFollowers = 16
/** A follower that has fallen behind by so many bytes is disconnected; it connects again, and begins with the whole. */
const mostUnsent = 4 * 1024 * 1024
const heartbeat = 15_000

/** Those who follow the inspector by server-sent events. */
export interface Followers {
  /** Answers with the stream of changes; false when there are too many already. */
  add(response: ServerResponse): boolean
  close(): void
}

export function createFollowers(state: InspectorState): Followers {
  const responses = new Set<ServerResponse>()
  const write = (response: ServerResponse, text: string): void => {
    if (response.writableLength > mostUnsent) response.destroy()
    else response.write(text)
  }
  const unfollow = state.follow((change) => {
    const text = `data: ${JSON.stringify(change)}\n\n`
    for (const response of responses) write(response, text)
  })
  const beat = setInterval(() => {
    for (const response of responses) write(response, ': still here\n\n')
  }, heartbeat)
  beat.unref()
  return {
    add(response) {
      if (responses.size >= mostFollowers) return false
      responses.add(response)
      response.once('close', () => responses.delete(response))
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write('retry: 1000\n\n')
      return true
    },
    close() {
      unfollow()
      clearInterval(beat)
      for (const response of responses) response.end()
    },
  }
}
