import { must, type OptionCheck } from './assert-options.ts'
import { isReadablePlainObject } from './plain-object.ts'

/** How `toProblemDetails` chooses the status and type of an error, and names its occurrence. */
export interface ProblemOptions {
  /** HTTP status by error code, or by the text of an `Err`; wins over the error's own `status`. @default {} */
  readonly statuses?: Readonly<Record<string, number>>
  /**
   * What a problem's `type` begins with; the code follows. The address of a page that describes each code under an anchor:
   * `https://docs.example.com/errors.html#`. @default 'urn:lexigram:'
   */
  readonly problemTypes?: string
  /** Identifies this occurrence, for example the request id. */
  readonly instance?: string
}

/** An answer with another status would say that nothing has failed. */
const beStatuses: OptionCheck = {
  expected: 'a plain object of HTTP statuses from 400 to 599',
  holds: (value) => isReadablePlainObject(value) && Object.values(value).every(isErrorStatus),
}

/** What the options of a problem must be. */
export const problemChecks = {
  statuses: beStatuses,
  problemTypes: must.beText,
  instance: must.beText,
} satisfies Readonly<Record<keyof ProblemOptions, OptionCheck>>

export function isErrorStatus(status: unknown): status is number {
  return Number.isInteger(status) && Number(status) >= 400 && Number(status) < 600
}
