import { stringSize } from '../../../query/approximate-size.ts'
import type { Meter } from '../../../query/meter.ts'
import { fail } from '../failure.ts'
import { isNumeric, int32, typeName } from '../kinds.ts'
import { variadic, type Operators } from '../parse.ts'
import type { Result } from '../scope.ts'
import { coerced, pointOffset } from './text.ts'

const bytes = variadic(3, 3, ([value, first, count], name, meter) => {
  const start = truncated(numeric(first, 16034, name), name)
  const wanted = truncated(numeric(count, 16035, name), name)
  const text = coerced(value, name)
  payFor(text, meter)
  const encoded = new TextEncoder().encode(text)
  if (start < 0) fail(50752, `the start of ${name} must be at least 0`)
  if (isInside(encoded, start)) fail(28656, `the start of ${name} must not be in the middle of a character`)
  const end = wanted < 0 ? encoded.length : start + wanted
  if (isInside(encoded, end)) fail(28657, `the end of ${name} must not be in the middle of a character`)
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(encoded.subarray(start, end))
})

function payFor(text: string, meter: Meter): void {
  meter.work(text.length / 4)
  meter.allocate(stringSize(text.length))
}

/** True when the byte continues a character that began before it. */
function isInside(encoded: Uint8Array, at: number): boolean {
  return at < encoded.length && ((encoded[at] ?? 0) & 0xc0) === 0x80
}

const points = variadic(3, 3, ([value, first, count], name, meter) => {
  const start = whole(first, 34450, name)
  const wanted = whole(count, 34452, name)
  if (start < 0 || wanted < 0) fail(34455, `the start and the count of ${name} must be at least 0`)
  const text = coerced(value, name)
  payFor(text, meter)
  const from = pointOffset(text, start)
  const rest = text.slice(from)
  return rest.slice(0, pointOffset(rest, wanted))
})

function numeric(value: Result, code: number, name: string): number | bigint {
  return isNumeric(value)
    ? value
    : fail(code, `the start and the count of ${name} must be numbers, not ${typeName(value)}`)
}

function truncated(value: number | bigint, name: string): number {
  const whole = Math.trunc(Number(value))
  return Math.abs(whole) < 2 ** 63 ? whole : fail(31109, `the start and the count of ${name} must fit in 64 bits`)
}

function whole(value: Result, code: number, name: string): number {
  return int32(numeric(value, code, name)) ?? fail(code + 1, `the start and the count of ${name} must be whole numbers`)
}

export const SUBSTRING: Operators = { $substr: bytes, $substrBytes: bytes, $substrCP: points }
