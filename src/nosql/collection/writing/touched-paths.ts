import type { ReadPlan } from '../../contract/query.ts'
import type { UpdateTree } from '../../query/update/parse-update.ts'

/** Whether a change may move a document within what the plan reads, so that it could be read again. */
export function mayMove(change: UpdateTree | null, { movedBy }: ReadPlan): boolean {
  if (change === null || movedBy?.length === 0) return false
  if (movedBy === undefined || change.kind !== 'operators') return true
  return change.ops.some(({ operator, path, operand }) => {
    const paths = operator === '$rename' && typeof operand === 'string' ? [path, operand] : [path]
    return paths.some((touched) => movedBy.some((moving) => overlap(touched, moving)))
  })
}

/** Whether one path is the other, or leads to it. Positional parts and indexes stand for any element. */
export function overlap(a: string, b: string): boolean {
  // Most paths part in their first field.
  if (isField(a) && isField(b) && firstOf(a) !== firstOf(b)) return false
  const left = fieldsOf(a)
  const right = fieldsOf(b)
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at++) if (left[at] !== right[at]) return false
  return true
}

/** Whether a path begins with the name of a field, and neither with a position nor with an index. */
function isField(path: string): boolean {
  const first = path.charAt(0)
  return first !== '$' && !(first >= '0' && first <= '9')
}

function firstOf(path: string): string {
  const end = path.indexOf('.')
  return end < 0 ? path : path.slice(0, end)
}

function fieldsOf(path: string): readonly string[] {
  return path.split('.').filter((part) => !part.startsWith('$') && !/^\d+$/.test(part))
}
