import { compareValues } from '../../query/compare.ts'

/** A number as `digits * 10 ** exponent`. */
export interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

/** Of the decimals that MongoDB calculates in, Decimal128. */
const MOST_DIGITS = 34

/** A floating-point number has no more digits that it is sure of. */
const DIGITS_OF_A_DOUBLE = 15

/** More than a floating-point number and a decimal can have in common. */
const MOST_DIGITS_WRITTEN = 101

/** A number as MongoDB makes a decimal of it: an integer exactly, a floating-point number to 15 digits. */
export function toDecimal(value: number | bigint): Decimal {
  if (typeof value === 'bigint' || (Number.isInteger(value) && Math.abs(value) < 10 ** DIGITS_OF_A_DOUBLE))
    return { digits: BigInt(value), exponent: 0 }
  return toDigits(value, DIGITS_OF_A_DOUBLE)
}

/** The floating-point number that is nearest. */
export function fromDecimal({ digits, exponent }: Decimal): number {
  return Number(`${digits}e${exponent}`)
}

/** Orders a number, as exactly as it is stored, and a decimal. */
export function compareToDecimal(value: number | bigint, decimal: Decimal): number {
  if (typeof value === 'number') {
    const order = compareValues(value, fromDecimal(decimal))
    if (order !== 0) return order
  }
  const exact = typeof value === 'bigint' ? { digits: value, exponent: 0 } : toDigits(value, MOST_DIGITS_WRITTEN)
  const exponent = Math.min(exact.exponent, decimal.exponent)
  const difference = scaled(exact, exponent) - scaled(decimal, exponent)
  return difference === 0n ? 0 : difference < 0n ? -1 : 1
}

function toDigits(value: number, count: number): Decimal {
  const [coefficient = '0', exponent = '0'] = value.toExponential(count - 1).split('e')
  return { digits: BigInt(coefficient.replace('.', '')), exponent: Number(exponent) - (count - 1) }
}

export function add(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent)
  return rounded({ digits: scaled(a, exponent) + scaled(b, exponent), exponent })
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return rounded({ digits: a.digits * b.digits, exponent: a.exponent + b.exponent })
}

/** `1 - a` */
export function complement({ digits, exponent }: Decimal): Decimal {
  return add({ digits: 1n, exponent: 0 }, { digits: -digits, exponent })
}

/** Divides whole numbers above 0. */
export function quotient(a: bigint, b: bigint): Decimal {
  const exponent = -(MOST_DIGITS + b.toString().length + 1)
  const numerator = a * 10n ** BigInt(-exponent)
  // A last digit that is not 0 keeps what is left over from being taken for a tie.
  const digits = (numerator / b) * 10n + (numerator % b === 0n ? 0n : 1n)
  return rounded({ digits, exponent: exponent - 1 })
}

function scaled({ digits, exponent }: Decimal, to: number): bigint {
  return digits === 0n ? 0n : digits * 10n ** BigInt(exponent - to)
}

/** To 34 digits, a tie to the even one. */
function rounded({ digits, exponent }: Decimal): Decimal {
  const excess = digits.toString().length - (digits < 0n ? 1 : 0) - MOST_DIGITS
  if (excess <= 0) return { digits, exponent: digits === 0n ? 0 : exponent }
  const unit = 10n ** BigInt(excess)
  const kept = digits / unit
  const left = 2n * (digits % unit)
  const size = left < 0n ? -left : left
  const isUp = size > unit || (size === unit && kept % 2n !== 0n)
  return { digits: kept + (isUp ? (digits < 0n ? -1n : 1n) : 0n), exponent: exponent + excess }
}
