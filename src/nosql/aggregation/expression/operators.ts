import { ACCUMULATE } from './accumulate.ts'
import { ARITHMETIC } from './number/arithmetic.ts'
import { ARRAY_ACCESS } from './array/array-access.ts'
import { ARRAY_LOOP } from './array/array-loop.ts'
import { ARRAY_ORDER } from './array/array-order.ts'
import { ARRAY_SHAPE } from './array/array-shape.ts'
import { BASIC } from './basic.ts'
import { BITWISE } from './number/bitwise.ts'
import { CONVERT } from './conversion/convert.ts'
import { DATE_FORMAT } from './date/format.ts'
import { DATE_PARSE } from './date/parse.ts'
import { DATE_PART } from './date/part.ts'
import { DATE_PARTS } from './date/parts.ts'
import { DATE_SHIFT } from './date/shift.ts'
import { DATE_SPAN } from './date/span.ts'
import { EXPONENTIAL } from './number/exponential.ts'
import { LOGIC } from './logic.ts'
import { OBJECT } from './object.ts'
import type { Operators } from './parse.ts'
import { PERCENTILE } from './number/percentile.ts'
import { REGEX } from './string/regex.ts'
import { ROUNDING } from './number/rounding.ts'
import { SET } from './array/set.ts'
import { STRING } from './string/string.ts'
import { SUBSTRING } from './string/substring.ts'
import { TRIGONOMETRY } from './number/trigonometry.ts'

/** Every expression operator by its name. */
export const OPERATORS: Operators = {
  ...ACCUMULATE,
  ...ARITHMETIC,
  ...ARRAY_ACCESS,
  ...ARRAY_LOOP,
  ...ARRAY_ORDER,
  ...ARRAY_SHAPE,
  ...BASIC,
  ...BITWISE,
  ...CONVERT,
  ...DATE_FORMAT,
  ...DATE_PARSE,
  ...DATE_PART,
  ...DATE_PARTS,
  ...DATE_SHIFT,
  ...DATE_SPAN,
  ...EXPONENTIAL,
  ...LOGIC,
  ...OBJECT,
  ...PERCENTILE,
  ...REGEX,
  ...ROUNDING,
  ...SET,
  ...STRING,
  ...SUBSTRING,
  ...TRIGONOMETRY,
}
