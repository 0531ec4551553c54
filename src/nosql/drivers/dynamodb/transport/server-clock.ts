/** The time by which requests are signed: this machine's, corrected by what the server said of its clock. */
export interface ServerClock {
  /** `20260101T000000Z` */
  datetime(): string
  /** Takes the `date` header of a refusal over. False when it says nothing new. */
  correct(date: string | null): boolean
}

/** In milliseconds: AWS takes signatures of the last 15 minutes; a smaller difference is not why one was refused. */
const tolerated = 240_000

export function serverClock(now: () => number = Date.now): ServerClock {
  let offset = 0
  let written = { second: Number.NaN, datetime: '' }
  return {
    datetime: () => {
      const second = Math.floor((now() + offset) / 1000)
      if (second !== written.second) {
        const datetime = new Date(second * 1000).toISOString().replace(/[:-]|\.\d{3}/g, '')
        written = { second, datetime }
      }
      return written.datetime
    },
    correct(date) {
      const server = Date.parse(date ?? '')
      if (Number.isNaN(server) || Math.abs(server - now() - offset) < tolerated) return false
      offset = server - now()
      return true
    },
  }
}
