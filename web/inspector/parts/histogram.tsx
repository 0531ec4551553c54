import { columnBounds } from '../../../src/inspector/receive/percentile.ts'
import { duration } from '../model/format.ts'

const width = 12
const height = 44

/** How long calls took: a column for each range of durations, which grow from left to right. */
export function Histogram({ columns, label }: { columns: readonly number[]; label: string }) {
  const most = Math.max(1, ...columns)
  return (
    <svg
      class="histogram"
      viewBox={`0 0 ${columns.length * width} ${height + 1}`}
      width={columns.length * width}
      height={height + 1}
      role="img"
      aria-label={label}
    >
      <line x1="0" x2={columns.length * width} y1={height + 0.5} y2={height + 0.5} class="axis" />
      {columns.map((value, index) => {
        const size = value === 0 ? 0 : Math.max(2, (value / most) * height)
        return (
          <rect key={index} x={index * width + 1} y={height - size} width={width - 2} height={size} rx="1">
            <title>{`${rangeOf(index)}: ${value}`}</title>
          </rect>
        )
      })}
    </svg>
  )
}

function rangeOf(index: number): string {
  const bound = columnBounds[index]
  return bound === undefined ? `above ${duration(columnBounds.at(-1) ?? 0)}` : `up to ${duration(bound)}`
}
