/** Counters of one endpoint, for tests of round trips. */
export interface NeonStats {
  /** HTTP requests to `/sql`. */
  requests: number
  /** Statements in them, each query of a batch counted. */
  statements: number
  /** HTTP requests that were refused or failed. */
  errors: number
  /** WebSockets accepted so far. */
  sockets: number
  /** WebSockets open now. */
  openSockets: number
  /** Times that a WebSocket client sent something after the server's last word: its round trips. */
  roundTrips: number
}

export function createStats(): NeonStats {
  return { requests: 0, statements: 0, errors: 0, sockets: 0, openSockets: 0, roundTrips: 0 }
}
