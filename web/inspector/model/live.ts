import { useEffect, useRef, useState } from 'preact/hooks'
import type { Change, Overview, TraceDetail } from '../../../src/inspector/receive/inspector-state.ts'
import type { StatementGroup } from '../../../src/inspector/receive/statements.ts'
import type { Summary } from '../../../src/inspector/receive/summary.ts'

/** What the page shows, as of now. */
export interface Live extends Overview {
  /** Undefined until the first answer. */
  readonly connected: boolean | undefined
}

const nothing: Live = { applications: [], requests: [], dropped: { traces: 0, spans: 0 }, connected: undefined }

/** How many requests the list holds: as many as the server keeps by default. */
const most = 500

/** Follows the inspector: the whole when it connects, and each change after that. */
export function useLive(): Live {
  const [live, setLive] = useState(nothing)
  useEffect(() => {
    const events = new EventSource('/api/events')
    // Changes that arrive while the whole is on its way are applied after it.
    let early: Change[] | undefined
    let waiting: Change[] = []
    const show = (): void => {
      const changes = waiting
      waiting = []
      setLive((before) => changes.reduce(apply, before))
    }
    events.addEventListener('open', () => {
      early = []
      void fetchJson<Overview>('/api/overview').then((overview) => {
        const changes = early ?? []
        early = undefined
        if (overview !== undefined) setLive(changes.reduce(apply, { ...overview, connected: true }))
      })
    })
    events.addEventListener('error', () => setLive((before) => ({ ...before, connected: false })))
    events.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const change = JSON.parse(data) as Change
      if (early !== undefined) return void early.push(change)
      // Under load many come between two frames.
      if (waiting.push(change) === 1) setTimeout(show, 50)
    })
    return () => events.close()
  }, [])
  return live
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
      const requests = [...known.values()].toSorted((a, b) => b.number - a.number).slice(0, most)
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
