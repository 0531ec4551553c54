import type { Value } from '../value.ts'

/** Tests one value that a filter's path has reached; `undefined` is a missing value. */
export type TestValue = (value: Value | undefined) => boolean
