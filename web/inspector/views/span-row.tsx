import { slowCall } from '../../../src/inspector/receive/summary.ts'
import type { SpanRecord } from '../../../src/inspector/wire.ts'
import { duration } from '../model/format.ts'
import { sortOf } from '../model/tree.ts'
import { Badge } from '../parts/badge.tsx'

/** The time that the waterfall spans, in milliseconds. */
export interface Extent {
  readonly start: number
  readonly length: number
}

interface SpanRowProps {
  readonly span: SpanRecord
  readonly depth: number
  readonly extent: Extent
  readonly isOpen: boolean
  readonly isMarked: boolean
  readonly onToggle: () => void
}

/** One span of the waterfall; it opens to show its attributes. */
export function SpanRow({ span, depth, extent, isOpen, isMarked, onToggle }: SpanRowProps) {
  const { name, start, end, failure, attributes } = span
  const took = end === undefined ? undefined : end - start
  const left = ((start - extent.start) / extent.length) * 100
  const width = took === undefined ? 100 - left : (took / extent.length) * 100
  const sort = sortOf(span)
  const isCall = span.kind === 'client'
  return (
    <li class={`span ${isMarked ? 'marked' : ''}`}>
      <button type="button" class="span-line" aria-expanded={isOpen} onClick={onToggle}>
        <span class="span-name" style={{ paddingLeft: `${Math.min(depth, 8) * 0.85}rem` }}>
          <span class="text">{name}</span>
          {failure !== undefined && <Badge tone="bad">{failure}</Badge>}
          {isCall && (took ?? 0) >= slowCall && <Badge tone="warn">slow</Badge>}
          {attributes['lexigram.plan.scan'] === true && <Badge tone="warn">scan</Badge>}
        </span>
        <span class="track" aria-hidden="true">
          <i
            class={`bar ${sort} ${failure === undefined ? '' : 'failed'} ${took === undefined ? 'running' : ''}`}
            style={{ left: `${left}%`, width: `max(3px, ${width}%)` }}
          />
        </span>
        <span class="span-took">{took === undefined ? 'running' : duration(took)}</span>
      </button>
      {isOpen && <Attributes span={span} />}
    </li>
  )
}

/** How names of plans are said to people. */
const plainNames = new Map(
  Object.entries({
    'db.query.text': 'statement',
    'db.response.returned_rows': 'rows',
    'db.operation.batch.size': 'statements in the batch',
    'lexigram.plan.access': 'access',
    'lexigram.plan.index': 'index',
    'lexigram.plan.residual': 'checked afterwards',
    'lexigram.plan.sort': 'sorted by',
    'lexigram.plan.scan': 'scans',
    'lexigram.plan.requests': 'requests expected',
    'lexigram.requests': 'requests sent',
    'lexigram.documents.scanned': 'documents scanned',
    'lexigram.attempts': 'attempts',
    'lexigram.attributes.dropped': 'attributes left out',
  }),
)

function Attributes({ span: { attributes, failure } }: { span: SpanRecord }) {
  const entries = Object.entries(attributes)
  if (entries.length === 0 && failure === undefined) return <p class="attributes muted">It says nothing more.</p>
  return (
    <dl class="attributes">
      {failure !== undefined && (
        <div>
          <dt>failed with</dt>
          <dd>{failure}</dd>
        </div>
      )}
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt title={name}>{plainNames.get(name) ?? name}</dt>
          <dd class={name === 'db.query.text' ? 'code' : ''}>{String(value)}</dd>
        </div>
      ))}
    </dl>
  )
}
