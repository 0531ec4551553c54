import { errorOfAnswer, type FirestoreFailure } from './errors.ts'

/** What came back over HTTP. */
interface Received {
  readonly status: number
  readonly text: string
}

/**
 * What Firestore has answered a call, or why it failed. What stands between may answer with anything, also with success, so
 * that an answer without what every answer of the method has proves nothing.
 */
export function answerOf(method: string, { status, text }: Received): unknown {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    return errorOfAnswer(status, undefined)
  }
  if (status < 200 || status >= 300) return errorOfAnswer(status, Array.isArray(answer) ? answer[0] : answer)
  if (Array.isArray(answer) && listed.has(method)) return listOf(answer)
  return isObject(answer) && saysEnough(method, answer) ? answer : errorOfAnswer(status, undefined)
}

/** Methods that answer with a list, in which an error may follow what was found before it. */
const listed = new Set(['batchGet', 'runQuery', 'runAggregationQuery'])

/** There is always an item: where nothing is found, it says when. */
function listOf(answer: readonly unknown[]): readonly unknown[] | FirestoreFailure {
  if (answer.length === 0) return errorOfAnswer(200, undefined)
  for (const item of answer) {
    if (!isObject(item)) return errorOfAnswer(200, undefined)
    if (item['error'] !== undefined) return errorOfAnswer(200, item)
  }
  return answer
}

function saysEnough(method: string, answer: Readonly<Record<string, unknown>>): boolean {
  if (method === 'commit') return typeof answer['commitTime'] === 'string'
  if (method === 'batchWrite') return Array.isArray(answer['status'])
  // A list without items has no member.
  return !listed.has(method)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
