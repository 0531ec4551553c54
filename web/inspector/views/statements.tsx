import { useState } from 'preact/hooks'
import type { StatementGroup } from '../../../src/inspector/receive/statements.ts'
import { count, duration } from '../model/format.ts'
import { useStatements, type Live } from '../model/live.ts'
import { hrefOf } from '../model/place.ts'
import { Badge } from '../parts/badge.tsx'
import { Empty, HowToConnect } from '../parts/empty.tsx'
import { Figure } from '../parts/figure.tsx'
import { Histogram } from '../parts/histogram.tsx'

const orders = {
  'time together': (group: StatementGroup) => group.total,
  calls: (group: StatementGroup) => group.count,
  'slowest call': (group: StatementGroup) => group.max,
  p95: (group: StatementGroup) => group.p95,
}
type Order = keyof typeof orders

/** Statements and operations on documents, those of one shape together. */
export function StatementsView({ live, selected }: { live: Live; selected: string | undefined }) {
  const groups = useStatements(live.requests)
  const [order, setOrder] = useState<Order>('time together')
  if (live.connected === undefined || groups === undefined) return null
  if (live.applications.length === 0 && live.requests.length === 0) return <HowToConnect />
  if (groups === null || groups.length === 0) {
    return (
      <Empty title="No statement yet">
        <p>
          Send a request that reads or writes something: its statements are grouped here by what they have in common.
        </p>
      </Empty>
    )
  }
  const sorted = groups.toSorted((a, b) => orders[order](b) - orders[order](a))
  return (
    <section class="page" aria-label="Statements">
      <div class="tools">
        <h2>{count(groups.length, 'shape')}</h2>
        <label>
          by{' '}
          <select
            value={order}
            onChange={(event) => setOrder(keysOf(orders).find((key) => key === event.currentTarget.value) ?? order)}
          >
            {keysOf(orders).map((key) => (
              <option key={key}>{key}</option>
            ))}
          </select>
        </label>
      </div>
      <ol class="statements">
        {sorted.map((group) => (
          <Statement key={group.key} group={group} isSelected={group.key === selected} />
        ))}
      </ol>
    </section>
  )
}

function Statement({ group, isSelected }: { group: StatementGroup; isSelected: boolean }) {
  const { summary, system, text, failures, repeatedIn, scans, examples, rows } = group
  return (
    <li class={`statement ${isSelected ? 'marked' : ''}`}>
      <div class="statement-head">
        <h3>{summary}</h3>
        <span class="muted">{system}</span>
        {failures > 0 && <Badge tone="bad">{count(failures, 'failure')}</Badge>}
        {repeatedIn > 0 && <Badge tone="warn">N + 1 in {count(repeatedIn, 'request')}</Badge>}
        {scans && <Badge tone="warn">scan</Badge>}
      </div>
      <pre class="code">{text}</pre>
      <div class="statement-figures">
        <dl class="figures">
          <Figure name="calls" value={group.count.toLocaleString()} />
          <Figure name="p50" value={duration(group.p50)} />
          <Figure name="p95" value={duration(group.p95)} />
          <Figure name="max" value={duration(group.max)} />
          <Figure name="together" value={duration(group.total)} />
          {rows !== undefined && (
            <Figure name={system === 'postgresql' ? 'rows' : 'scanned'} value={rows.toLocaleString()} />
          )}
        </dl>
        <figure>
          <Histogram columns={group.columns} label={`How long ${count(group.count, 'call')} took`} />
          <figcaption class="muted">
            <span>≤ 0.25 ms</span>
            <span>&gt; 1 s</span>
          </figcaption>
        </figure>
      </div>
      <p class="examples">
        Slowest in{' '}
        {examples.map((id, index) => (
          <a key={id} href={hrefOf('requests', id)}>
            request {index + 1}
          </a>
        ))}
      </p>
    </li>
  )
}

function keysOf<T extends object>(value: T): (keyof T & string)[] {
  // Objects that are written here have no other keys than their type says.
  return Object.keys(value) as (keyof T & string)[]
}
