import { useRef, useState } from 'preact/hooks'
import type { Summary } from '../../../src/inspector/receive/summary.ts'
import { count, duration, timeOfDay } from '../model/format.ts'
import { useKeys } from '../model/keys.ts'
import type { Live } from '../model/live.ts'
import { currentPlace, go, hrefOf } from '../model/place.ts'
import { Badge } from '../parts/badge.tsx'
import { Empty, HowToConnect } from '../parts/empty.tsx'
import { Glance } from './glance.tsx'
import { Scatter } from '../parts/scatter.tsx'
import { TraceView } from './trace.tsx'

const filters = ['all', 'failed', 'slow', 'N + 1'] as const
type Filter = (typeof filters)[number]

export function RequestsView({ live, selected }: { live: Live; selected: string | undefined }) {
  const [search, setSearch] = useState('')
  const [filter, setFilter] = useState<Filter>('all')
  const input = useRef<HTMLInputElement>(null)
  const shown = live.requests.filter((request) => matches(request, search) && passes(request, filter))
  const step = (by: number): void => {
    const at = shown.findIndex(({ id }) => id === currentPlace().selected)
    const next = shown[at === -1 ? 0 : Math.min(Math.max(at + by, 0), shown.length - 1)]
    if (next === undefined) return
    go('requests', next.id)
    document.querySelector(`a[href="${hrefOf('requests', next.id)}"]`)?.scrollIntoView({ block: 'nearest' })
  }
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    '/': () => input.current?.focus(),
    Escape: () => (document.activeElement === input.current ? input.current?.blur() : go('requests')),
  })
  if (live.connected === undefined) return null
  if (live.requests.length === 0 && live.applications.length === 0) return <HowToConnect />
  return (
    <div class={`split ${selected === undefined ? 'list-only' : 'with-detail'}`}>
      <section class="list" aria-label="Requests and jobs">
        <div class="tools">
          <input
            ref={input}
            type="search"
            placeholder="Search, /"
            aria-label="Search requests"
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
          <select
            aria-label="Which requests"
            value={filter}
            onChange={(event) => setFilter(filters.find((one) => one === event.currentTarget.value) ?? 'all')}
          >
            {filters.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
          <button type="button" class="quiet" onClick={() => void fetch('/api/clear', { method: 'POST' })}>
            Clear
          </button>
        </div>
        <Scatter requests={shown} selected={selected} />
        <Dropped live={live} />
        {shown.length === 0 ? (
          <Empty title={live.requests.length === 0 ? 'No request yet' : 'Nothing fits'}>
            <p>
              {live.requests.length === 0
                ? 'Send the application a request, or a message: it appears here as it comes.'
                : `None of ${count(live.requests.length, 'request')} fits. Change the search or the choice beside it.`}
            </p>
          </Empty>
        ) : (
          <ol class="requests">
            {shown.map((request) => (
              <li key={request.id}>
                <Line request={request} isSelected={request.id === selected} />
              </li>
            ))}
          </ol>
        )}
      </section>
      <section class="detail" aria-label="One request">
        {selected === undefined ? (
          <Glance requests={shown} />
        ) : (
          <TraceView key={selected} id={selected} version={live.requests.find(({ id }) => id === selected)} />
        )}
      </section>
    </div>
  )
}

function Line({ request, isSelected }: { request: Summary; isSelected: boolean }) {
  const { id, name, kind, detail, start, duration: took, status, failure } = request
  const hasFailed = failure !== undefined || (status ?? 0) >= 500
  return (
    <a class="line" href={hrefOf('requests', id)} aria-current={isSelected ? 'true' : undefined}>
      <span class="what">
        <span class={`status-code ${hasFailed ? 'bad' : (status ?? 0) >= 400 ? 'warn' : ''}`}>
          {status ?? (kind === 'request' ? '…' : kind)}
        </span>
        <span class="name">{name}</span>
      </span>
      <span class="took">{took === undefined ? 'running' : duration(took)}</span>
      <span class="more muted">
        <time dateTime={new Date(start).toISOString()}>{timeOfDay(start)}</time>
        {detail !== '' && !name.endsWith(detail) && <span class="path">{detail}</span>}
        {request.calls > 0 && <span>{count(request.calls, 'call')}</span>}
      </span>
      <span class="marks">
        {hasFailed && <Badge tone="bad">{failure ?? 'failed'}</Badge>}
        {!hasFailed && request.failedParts > 0 && (
          <Badge tone="warn">{count(request.failedParts, 'part')} failed</Badge>
        )}
        {request.isSlow && <Badge tone="warn">slow</Badge>}
        {request.repeats > 0 && <Badge tone="warn">N + 1</Badge>}
        {request.scans > 0 && <Badge tone="plain">scan</Badge>}
      </span>
    </a>
  )
}

function Dropped({ live: { dropped } }: { live: Live }) {
  if (dropped.traces === 0 && dropped.spans === 0) return null
  const parts = [
    ...(dropped.traces > 0 ? [`${count(dropped.traces, 'older request')} gave way`] : []),
    ...(dropped.spans > 0 ? [`${count(dropped.spans, 'span')} could not be sent`] : []),
  ]
  return <p class="note muted">{parts.join('; ')}</p>
}

function matches({ name, detail, traceId, failure = '' }: Summary, search: string): boolean {
  const text = `${name} ${detail} ${failure} ${traceId}`.toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

function passes(request: Summary, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'failed':
      return request.failure !== undefined || (request.status ?? 0) >= 500 || request.failedParts > 0
    case 'slow':
      return request.isSlow
    case 'N + 1':
      return request.repeats > 0
  }
}
