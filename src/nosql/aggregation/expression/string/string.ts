import { compareText } from '../../../../core/compare-text.ts'
import { arraySize, stringSize } from '../../../query/approximate-size.ts'
import type { Meter } from '../../../query/meter.ts'
import { aString } from '../arguments.ts'
import { window, type Window } from '../array/array-access.ts'
import { fail } from '../failure.ts'
import { isNullish } from '../kinds.ts'
import { binary, named, unary, variadic, type Operator, type Operators } from '../parse.ts'
import { byteLength, byteString, checkLength, coerced, lower, pointLength, pointOffset, upper } from './text.ts'

const concat = variadic(0, Infinity, (values, name, meter) => {
  let joined = ''
  for (const value of values) {
    if (isNullish(value)) return null
    joined += aString(value, 16702, name)
  }
  checkLength(joined.length)
  meter.allocate(stringSize(joined.length))
  return joined
})

const split = binary((text, separator, { name, meter }) => {
  if (isNullish(text) || isNullish(separator)) return null
  const [whole, between] = [aString(text, 40085, name), aString(separator, 40086, name)]
  if (between === '') return fail(40087, `the separator of ${name} must not be empty`)
  // As many parts as there can be.
  meter.work(Math.ceil(whole.length / between.length) * STEPS_OF_A_PART)
  const parts = whole.split(between)
  meter.allocate(parts.length * BYTES_OF_A_PART + stringSize(whole.length))
  return parts
})

const STEPS_OF_A_PART = 3
const BYTES_OF_A_PART = 40

/** Walking along a text, character by character: {@link charged} has paid for what is faster. */
const STEPS_OF_A_CHARACTER = 1 / 4

const position = (code: number, find: (text: string, part: string, window: Window) => number): Operator =>
  variadic(2, 4, (values, name, meter) => {
    const [text, part] = values
    if (isNullish(text)) return null
    const [haystack, needle] = [aString(text, code, name), aString(part, code + 1, name)]
    const range = window(values, name)
    const [start, end] = range
    meter.work(haystack.length * STEPS_OF_A_CHARACTER)
    return start > end ? -1 : find(haystack, needle, range)
  })

const indexOfBytes = position(40091, (text, part, [start, end]) => {
  const [haystack, needle] = [byteString(text), byteString(part)]
  if (start > haystack.length) return -1
  const found = haystack.indexOf(needle, start)
  return found + needle.length > end ? -1 : found
})

const indexOfPoints = position(40093, (text, part, [start, end]) => {
  const from = pointOffset(text, start)
  if (start > 0 && start > pointLength(text, from)) return -1
  if (text === '' && part === '') return 0
  const found = text.indexOf(part, from)
  return found < 0 || found >= pointOffset(text, end) ? -1 : pointLength(text, found)
})

const length = (measure: (text: string) => number, code: number): Operator =>
  unary((value, name, meter) => {
    const text = aString(value, code, name)
    meter.work(text.length * STEPS_OF_A_CHARACTER)
    return measure(text)
  })

/** The texts of a replacement. */
interface Replacing {
  readonly input: string
  readonly find: string
  readonly replacement: string
}

const replace = (apply: (texts: Replacing, meter: Meter) => string): Operator =>
  named(['input', 'find', 'replacement'], {}, ({ input, find, replacement }, name, meter) => {
    const texts = [input, find, replacement].map((value) => (isNullish(value) ? null : aString(value, 10503904, name)))
    const [text, searched, other] = texts
    if (isNullish(text) || isNullish(searched) || isNullish(other)) return null
    return apply({ input: text, find: searched, replacement: other }, meter)
  })

const replaceAll = replace(({ input, find, replacement }, meter) => {
  meter.work((input.length / Math.max(1, find.length)) * STEPS_OF_A_PART)
  const parts = find === '' ? ['', ...Array.from(input), ''] : input.split(find)
  checkLength(input.length + parts.length * replacement.length)
  meter.allocate(parts.length * BYTES_OF_A_PART + stringSize(input.length + parts.length * replacement.length))
  return parts.join(replacement)
})

const replaceOne = replace(({ input, find, replacement }, meter) => {
  checkLength(input.length + replacement.length)
  meter.allocate(stringSize(input.length + replacement.length))
  return input.replace(find, () => replacement)
})

/** The characters that $trim, $ltrim and $rtrim remove by default. */
const BLANKS = '\0\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a'

const trim = (left: boolean, right: boolean): Operator =>
  named(['input'], { chars: BLANKS }, ({ input, chars }, name, meter) => {
    if (isNullish(input)) return null
    const text = aString(input, 50699, name)
    meter.work(text.length * STEPS_OF_A_PART)
    meter.allocate(arraySize(text.length) + stringSize(text.length))
    const points = Array.from(text)
    if (isNullish(chars)) return null
    const set = new Set(aString(chars, 50700, name))
    let start = 0
    let end = points.length
    if (left) while (start < end && set.has(points[start] ?? '')) start++
    if (right) while (end > start && set.has(points[end - 1] ?? '')) end--
    return points.slice(start, end).join('')
  })

function changeCase(change: (text: string) => string): Operator {
  return unary((value, name, meter) => {
    const text = coerced(value, name)
    payForCase(text.length, meter)
    return change(text)
  })
}

function payForCase(length: number, meter: Meter): void {
  meter.work(length * STEPS_OF_A_CHARACTER)
  meter.allocate(stringSize(length))
}

export const STRING: Operators = {
  $concat: concat,
  $indexOfBytes: indexOfBytes,
  $indexOfCP: indexOfPoints,
  $ltrim: trim(true, false),
  $replaceAll: replaceAll,
  $replaceOne: replaceOne,
  $rtrim: trim(false, true),
  $split: split,
  $strLenBytes: length(byteLength, 34473),
  $strLenCP: length(pointLength, 34471),
  $strcasecmp: binary((left, right, { name, meter }) => {
    const [first, second] = [coerced(left, name), coerced(right, name)]
    payForCase(first.length + second.length, meter)
    return Math.sign(compareText(upper(first), upper(second)))
  }),
  $toLower: changeCase(lower),
  $toUpper: changeCase(upper),
  $trim: trim(true, true),
}
