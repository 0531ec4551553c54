import { useState } from 'preact/hooks'
import type { TraceDetail } from '../../../src/inspector/receive/inspector-state.ts'
import type { Repeat } from '../../../src/inspector/receive/repeats.ts'
import { count, duration, timeOfDay } from '../model/format.ts'
import { useTrace } from '../model/live.ts'
import { hrefOf } from '../model/place.ts'
import { rowsOf, sortNames, sortOf } from '../model/tree.ts'
import { Badge } from '../parts/badge.tsx'
import { Empty } from '../parts/empty.tsx'
import { SpanRow, type Extent } from './span-row.tsx'

/** How many spans are drawn before more are asked for. */
const rowsAtOnce = 1000

/** One request or job: what it did, and when. */
export function TraceView({ id, version }: { id: string; version: unknown }) {
  const detail = useTrace(id, version)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [marked, setMarked] = useState<Repeat>()
  const [most, setMost] = useState(rowsAtOnce)
  if (detail === undefined) return null
  if (detail === null) {
    return (
      <Empty title="This request is gone">
        <p>
          It gave way to newer ones, or the inspector was started again.{' '}
          <a href={hrefOf('requests')}>Back to the list</a>
        </p>
      </Empty>
    )
  }
  const { summary, spans, repeats } = detail
  const rows = rowsOf(spans)
  const extent = extentOf(detail)
  const sorts = [...new Set(spans.map(sortOf))]
  const markedIds = new Set(marked?.spanIds)
  const isShown = (repeat: Repeat): boolean => marked !== undefined && keyOf(marked) === keyOf(repeat)
  const show = (repeat: Repeat): void => {
    setMarked(isShown(repeat) ? undefined : repeat)
    // Those that are marked may be far down.
    setMost(rows.length)
  }
  const toggle = (spanId: string): void => {
    const next = new Set(open)
    if (!next.delete(spanId)) next.add(spanId)
    setOpen(next)
  }
  return (
    <article>
      <p class="back">
        <a href={hrefOf('requests')}>← All requests</a>
      </p>
      <h2 class="title">{summary.name}</h2>
      <p class="facts">
        {summary.status !== undefined && <span>status {summary.status}</span>}
        {summary.detail !== '' && !summary.name.endsWith(summary.detail) && <span>{summary.detail}</span>}
        <span>{summary.duration === undefined ? 'running' : duration(summary.duration)}</span>
        <span>{timeOfDay(summary.start)}</span>
        <span>{count(summary.calls, 'call')} of databases</span>
        {summary.failure !== undefined && <Badge tone="bad">{summary.failure}</Badge>}
        {summary.isSlow && <Badge tone="warn">slow</Badge>}
      </p>
      <p class="muted trace-id">trace {summary.traceId}</p>
      {repeats.map((repeat) => (
        <aside key={keyOf(repeat)} class="advice">
          <p>
            <Badge tone="warn">N + 1</Badge> <strong>{repeat.spanIds.length} ×</strong> {repeat.summary}, together{' '}
            {duration(repeat.total)}. {repeat.advice}
          </p>
          <button type="button" aria-pressed={isShown(repeat)} onClick={() => show(repeat)}>
            Show them
          </button>
        </aside>
      ))}
      <p class="legend" aria-label="Colours">
        {sorts.map((sort) => (
          <span key={sort}>
            <i class={`swatch ${sort}`} aria-hidden="true" />
            {sortNames[sort]}
          </span>
        ))}
      </p>
      <div class="waterfall">
        <Axis extent={extent} />
        <ol>
          {rows.slice(0, most).map(({ span, depth }) => (
            <SpanRow
              key={span.spanId}
              span={span}
              depth={depth}
              extent={extent}
              isOpen={open.has(span.spanId)}
              isMarked={markedIds.has(span.spanId)}
              onToggle={() => toggle(span.spanId)}
            />
          ))}
        </ol>
        {rows.length > most && (
          <p>
            <button type="button" onClick={() => setMost(rows.length)}>
              {count(rows.length - most, 'span')} more
            </button>
          </p>
        )}
      </div>
    </article>
  )
}

function keyOf({ parentId, shape }: Repeat): string {
  return `${parentId} ${shape}`
}

function Axis({ extent: { length } }: { extent: Extent }) {
  return (
    <div class="axis-row" aria-hidden="true">
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <span key={share} style={{ left: `${share * 100}%` }}>
          {duration(length * share)}
        </span>
      ))}
    </div>
  )
}

function extentOf({ spans }: TraceDetail): Extent {
  // As many as these cannot be arguments of one call.
  const start = spans.reduce((least, span) => Math.min(least, span.start), Infinity)
  const last = spans.reduce((most, { start: begun, end = begun }) => Math.max(most, end), -Infinity)
  return { start, length: Math.max(last - start, 0.1) }
}
