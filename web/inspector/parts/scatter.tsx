import { slowRequest, type Summary } from '../../../src/inspector/receive/summary.ts'
import { count, duration } from '../model/format.ts'
import { go } from '../model/place.ts'

const size = { width: 360, height: 96 }
const most = 120
/** Room for the labels on the left. */
const labels = 34
/** From a tenth of a millisecond to four seconds, each power of ten as high as the others. */
const decades = { first: -1, last: 3.6 }

/** How long the newest requests took, the newest on the right: what stands out is seen before it is read. */
export function Scatter({ requests, selected }: { requests: readonly Summary[]; selected: string | undefined }) {
  const ended = requests.filter(({ duration: took, kind }) => took !== undefined && kind !== 'boot').slice(0, most)
  if (ended.length < 2) return null
  const step = (size.width - labels - 12) / Math.max(ended.length - 1, 24)
  return (
    <figure class="scatter">
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="img"
        aria-label={`How long the newest ${count(ended.length, 'request')} took`}
      >
        {[1, 10, 100, 1000].map((value) => (
          <g key={value}>
            <line class="axis" x1={labels} x2={size.width} y1={heightOf(value)} y2={heightOf(value)} />
            <text x={labels - 4} y={heightOf(value) + 3} text-anchor="end">
              {duration(value).replace(/\.0+ /, ' ')}
            </text>
          </g>
        ))}
        <line class="limit" x1={labels} x2={size.width} y1={heightOf(slowRequest)} y2={heightOf(slowRequest)} />
        {ended.map((request, index) => (
          <circle
            key={request.id}
            class={toneOf(request)}
            cx={size.width - 6 - index * step}
            cy={heightOf(request.duration ?? 0)}
            r={request.id === selected ? 5 : 3}
            onClick={() => go('requests', request.id)}
          >
            <title>{`${request.name}, ${duration(request.duration ?? 0)}`}</title>
          </circle>
        ))}
      </svg>
    </figure>
  )
}

function toneOf({ failure, status = 0, isSlow, repeats }: Summary): string {
  if (failure !== undefined || status >= 500) return 'bad'
  return isSlow || repeats > 0 ? 'warn' : 'fine'
}

function heightOf(milliseconds: number): number {
  const exponent = Math.min(Math.max(Math.log10(Math.max(milliseconds, 0.1)), decades.first), decades.last)
  return size.height - 6 - ((exponent - decades.first) / (decades.last - decades.first)) * (size.height - 12)
}
