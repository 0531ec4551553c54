import { useEffect, useRef, useState } from 'preact/hooks'
import type { Change, Overview, TraceDetail } from '../../../src/inspector/receive/inspector-state.ts'
import type { StatementGroup } from '../../../src/inspector/receive/statements.ts'
import type { Summary } from '../../../src/inspector/receive/summary.ts'

/** What the page shows, as of now. */
export interface Live extends Overview {
  /** Undefined until the first answer. */
  readonly connected: boolean | undefined
  /** The inspector has as many pages as it can have: this one does not receive changes. */
  readonly isCrowded: boolean
}

const nothing: Live = {
  applications: [],
  requests: [],
  dropped: { traces: 0, spans: 0 },
  mostRequests: 0,
  connected: undefined,
  isCrowded: false,
}

/** How long the page waits before it asks again whether it may follow, in milliseconds. */
const pause = 3000

/** Follows the inspector: the whole when it connects, and each change after that. Not while the page is hidden. */
export function useLive(): Live {
  const [live, setLive] = useState(nothing)
  useEffect(() => {
    let leave: (() => void) | undefined
    const look = (): void => {
      // Browsers have six connections to a host, which hidden pages would take from the visible one.
      const isShown = document.visibilityState !== 'hidden'
      if (isShown) leave ??= follow(setLive)
      else {
        leave?.()
        leave = undefined
      }
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      leave?.()
    }
  }, [])
  return live
}

/** Follows until what it returns is called. */
function follow(setLive: (change: (before: Live) => Live) => void): () => void {
  let over = false
  let events: EventSource
  let again: ReturnType<typeof setTimeout> | undefined
  // Changes that arrive while the whole is on its way are applied after it.
  let early: Change[] | undefined
  let waiting: Change[] = []
  const readAll = async (state: Pick<Live, 'connected' | 'isCrowded'>): Promise<void> => {
    early = []
    const overview = await fetchJson<Overview>('/api/overview')
    const changes = early
    early = undefined
    if (overview !== undefined && !over) setLive(() => changes.reduce(apply, { ...overview, ...state }))
  }
  const show = (): void => {
    const changes = waiting
    waiting = []
    setLive((before) => changes.reduce(apply, before))
  }
  const connect = (): void => {
    events = new EventSource('/api/events')
    events.addEventListener('open', () => void readAll({ connected: true, isCrowded: false }))
    events.addEventListener('error', () => {
      setLive((before) => ({ ...before, connected: false }))
      // A server that is gone is tried again by the browser; one that refuses is not.
      if (events.readyState !== EventSource.CLOSED || over) return
      void readAll({ connected: false, isCrowded: true })
      again = setTimeout(connect, pause)
    })
    events.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const change = JSON.parse(data) as Change
      if (early !== undefined) return void early.push(change)
      // Under load many come between two frames.
      if (waiting.push(change) === 1) setTimeout(show, 50)
    })
  }
  connect()
  return () => {
    over = true
    clearTimeout(again)
    events.close()
  }
}

function apply(live: Live, change: Change): Live {
  switch (change.type) {
    case 'cleared':
      return { ...live, requests: [], dropped: { traces: 0, spans: 0 } }
    case 'application': {
      const others = live.applications.filter(({ id }) => id !== change.application.id)
      return { ...live, applications: [...others, change.application] }
    }
    case 'requests': {
      const known = new Map(live.requests.map((request) => [request.id, request]))
      for (const request of change.requests) known.set(request.id, newer(known.get(request.id), request))
      const requests = [...known.values()].toSorted((a, b) => b.number - a.number).slice(0, live.mostRequests)
      return { ...live, requests, dropped: change.dropped }
    }
  }
}

/** The later state of a request: the whole and a change may have overtaken each other. */
function newer(known: Summary | undefined, given: Summary): Summary {
  if (known === undefined) return given
  const isOlder = (known.duration !== undefined && given.duration === undefined) || known.spans > given.spans
  return isOlder ? known : given
}

/** An answer of the inspector; undefined where it has none, or is gone. */
export async function fetchJson<T>(path: string): Promise<T | undefined> {
  try {
    const response = await fetch(path)
    // The server sends what its types say.
    return response.ok ? ((await response.json()) as T) : undefined
  } catch {
    return undefined
  }
}

/** One request with its parts; undefined before the answer, null where it is gone. */
export function useTrace(id: string, version: unknown): TraceDetail | null | undefined {
  // The server sends what its types say.
  return useAnswer(`/api/requests/${encodeURIComponent(id)}`, version) as TraceDetail | null | undefined
}

/** All statements, at most once a second; undefined before the first answer, null where there is none. */
export function useStatements(version: unknown): readonly StatementGroup[] | null | undefined {
  // The server sends what its types say.
  return useAnswer('/api/statements', version, 1000) as readonly StatementGroup[] | null | undefined
}

/** An answer that is asked for again when `version` changes, with a pause of so many milliseconds in between. */
function useAnswer(path: string, version: unknown, pause = 0): unknown {
  const [answer, setAnswer] = useState<{ readonly path: string; readonly value: unknown }>()
  const asked = useRef({ at: -Infinity, path: '' })
  const last = useRef(0)
  useEffect(() => {
    const wait = asked.current.path === path ? Math.max(0, asked.current.at + pause - Date.now()) : 0
    const timer = setTimeout(() => {
      asked.current = { at: Date.now(), path }
      const number = ++last.current
      void fetchJson<unknown>(path).then((value) => {
        // An older answer may come later.
        if (number === last.current) setAnswer({ path, value: value ?? null })
      })
    }, wait)
    return () => clearTimeout(timer)
  }, [path, version])
  return answer !== undefined && answer.path === path ? answer.value : undefined
}
