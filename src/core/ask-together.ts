import { within } from './time-limit.ts'

interface Question<T> {
  readonly answer: Promise<T>
  readonly since: number
  /** The one that was asked because there was no answer for too long. */
  next?: Question<T>
}

/**
 * One question for all who want its answer at a time. The caller that asked may be gone with its request, and its I/O with
 * it, as on Workers: without an answer after `longest` milliseconds, one of those that wait asks again for all.
 */
export function askTogether<T>(ask: () => Promise<T>, longest = 1000): () => Promise<T> {
  let underway: Question<T> | undefined
  const begin = (): Question<T> => {
    const question: Question<T> = { answer: ask(), since: Date.now() }
    const end = (): void => {
      if (underway === question) underway = undefined
    }
    underway = question
    question.answer.then(end, end)
    return question
  }
  const join = async (question: Question<T>): Promise<T> => {
    if (await settles(question.answer, question.since + longest - Date.now())) return question.answer
    if (question.next !== undefined) return join(question.next)
    question.next = begin()
    return question.next.answer
  }
  return () => (underway === undefined ? begin().answer : join(underway))
}

function settles(work: Promise<unknown>, ms: number): Promise<boolean> {
  const settled = () => true
  return within(work.then(settled, settled), Math.max(0, ms), 'a question').catch(() => false)
}
