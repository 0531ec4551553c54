import { ACCUMULATE } from './accumulate.ts'
import { ARITHMETIC } from './arithmetic.ts'
import { ARRAY_ACCESS } from './array-access.ts'
import { ARRAY_LOOP } from './array-loop.ts'
import { ARRAY_ORDER } from './array-order.ts'
import { ARRAY_SHAPE } from './array-shape.ts'
import { BASIC } from './basic.ts'
import { BITWISE } from './bitwise.ts'
import { CONVERT } from './convert.ts'
import { DATE_FORMAT } from './date/format.ts'
import { DATE_PARSE } from './date/parse.ts'
import { DATE_PART } from './date/part.ts'
import { DATE_PARTS } from './date/parts.ts'
import { DATE_SHIFT } from './date/shift.ts'
import { DATE_SPAN } from './date/span.ts'
import { EXPONENTIAL } from './exponential.ts'
import { LOGIC } from './logic.ts'
import { OBJECT } from './object.ts'
import type { Operators } from './parse.ts'
import { PERCENTILE } from './percentile.ts'
import { REGEX } from './regex.ts'
import { ROUNDING } from './rounding.ts'
import { SET } from './set.ts'
import { STRING } from './string.ts'
import { SUBSTRING } from './substring.ts'
import { TRIGONOMETRY } from './trigonometry.ts'

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
