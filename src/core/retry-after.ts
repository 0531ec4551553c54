import type { LexigramErrorOptions } from './errors.ts'

/** Seconds, some with a fraction. */
const seconds = /^\d+(?:\.\d+)?$/
/** `Sun, 06 Nov 1994 08:49:37 GMT`, and the two older forms. Without the day's name, `Date.parse` takes almost any text. */
const httpDate = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i

/**
 * How long an answer asks to be left alone, in milliseconds: 0 for a moment that has passed, undefined where it does not say,
 * or where what it says is neither. A moment counts from the `date` of the answer, as clocks differ.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterOf(headers: Headers): number | undefined {
  const asked = headers.get('retry-after')?.trim() ?? ''
  if (seconds.test(asked)) return Number(asked) * 1000
  const moment = momentOf(asked)
  return moment === undefined ? undefined : Math.max(0, moment - (momentOf(headers.get('date') ?? '') ?? Date.now()))
}

function momentOf(text: string): number | undefined {
  // The oldest form names no zone; its time is GMT.
  const moment = httpDate.test(text) ? Date.parse(text.endsWith('GMT') ? text : `${text} GMT`) : NaN
  return Number.isNaN(moment) ? undefined : moment
}

/** What an error says where a service has asked to be left alone: `details.retryAfter` is in milliseconds. */
export function waitAsked(retryAfter: number | undefined): Pick<LexigramErrorOptions, 'hint' | 'details'> {
  if (retryAfter === undefined) return {}
  const seconds = Math.ceil(retryAfter / 1000)
  const hint = `Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}: the service asked for this wait.`
  return { ...(seconds > 0 && { hint }), details: { retryAfter } }
}
