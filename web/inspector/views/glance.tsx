import { percentile } from '../../../src/inspector/receive/percentile.ts'
import type { Summary } from '../../../src/inspector/receive/summary.ts'
import { count, duration } from '../model/format.ts'
import { hrefOf } from '../model/place.ts'
import { Figure } from '../parts/figure.tsx'

const most = 6

/** The list in a few figures, and what to look at first; stands where no request is chosen. */
export function Glance({ requests }: { requests: readonly Summary[] }) {
  const ended = requests.filter(({ kind }) => kind !== 'boot').flatMap(({ duration: took }) => took ?? [])
  const ascending = ended.toSorted((a, b) => a - b)
  const failed = requests.filter(({ failure, status = 0 }) => failure !== undefined || status >= 500)
  const repeated = requests.filter(({ repeats }) => repeats > 0)
  const slowest = requests
    .filter(({ kind, duration: took }) => kind !== 'boot' && took !== undefined)
    .toSorted((a, b) => (b.duration ?? 0) - (a.duration ?? 0))
  return (
    <div class="glance">
      <h2>Choose a request</h2>
      <p class="muted">
        Its spans are drawn here. <kbd>j</kbd> and <kbd>k</kbd> go through the list.
      </p>
      <dl class="figures">
        <Figure name="requests and jobs" value={ended.length.toLocaleString()} />
        <Figure name="p50" value={duration(percentile(ascending, 0.5))} />
        <Figure name="p95" value={duration(percentile(ascending, 0.95))} />
        <Figure name="failed" value={failed.length.toLocaleString()} />
        <Figure name="N + 1" value={repeated.length.toLocaleString()} />
      </dl>
      <Links title="Slowest" requests={slowest} says={({ duration: took = 0 }) => duration(took)} />
      <Links title="Failed" requests={failed} says={({ failure, status }) => failure ?? `status ${status}`} />
      <Links title="N + 1" requests={repeated} says={({ calls }) => count(calls, 'call')} />
    </div>
  )
}

interface LinksProps {
  readonly title: string
  readonly requests: readonly Summary[]
  readonly says: (request: Summary) => string
}

function Links({ title, requests, says }: LinksProps) {
  if (requests.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul class="plain">
        {requests.slice(0, most).map((request) => (
          <li key={request.id}>
            <a href={hrefOf('requests', request.id)}>{request.name}</a> <span class="muted">{says(request)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
