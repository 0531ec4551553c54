import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { longestTimer } from '../../src/runtime/index.ts'

/**
 * Makes a function that begins to watch a client, once: the connection of one that has taken nothing of what waits for
 * it, for `timeout` milliseconds or up to half as long again, is closed. An answer that has nothing to send may take any
 * time.
 *
 * A socket's own timeout would be put off by whatever the client sends.
 */
export function stallWatch(target: ServerResponse, timeout: number): () => void {
  let seen = ''
  let stalledChecks = 0
  let timer: NodeJS.Timeout | undefined
  const check = (): void => {
    const progress = progressOf(target.socket)
    stalledChecks = progress === seen ? stalledChecks + 1 : 0
    seen = progress
    // Nothing has changed between three looks, half of the time apart.
    if (progress !== '' && stalledChecks >= 2) target.destroy()
    else timer?.refresh()
  }
  return () => {
    if (timer !== undefined || timeout > longestTimer || target.destroyed) return
    timer = setTimeout(check, timeout / 2)
    target.once('close', () => clearTimeout(timer))
  }
}

/** Changes with each byte that is handed to the connection or taken from it; empty where nothing waits. */
function progressOf(socket: Socket | null): string {
  if (socket === null || socket.writableLength === 0) return ''
  // Not public, and what Node's own timeout of a socket looks at: how much the system has not taken yet.
  const handle: unknown = Reflect.get(socket, '_handle')
  const queued: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'writeQueueSize') : 0
  return `${socket.bytesWritten} ${socket.writableLength} ${String(queued)}`
}
