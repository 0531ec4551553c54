/** The decimals of another program that are read as a number: a double has 17 digits that count, and they have 38. */

/** The ends of a range of decimals, as DynamoDB writes them. */
export interface Decimals {
  readonly lowest: string
  readonly highest: string
}

const mostDigits = 38
/** Nothing that DynamoDB stores is nearer to 0. */
const smallest = '1E-130'
const hidden = 2n ** 52n

/** Every decimal within them is read as the number, and no other one is. The number is one that DynamoDB has. */
export function decimalsReadAs(value: number): Decimals {
  if (value === 0) return { lowest: '0', highest: '0' }
  const { lowest, highest } = positive(Math.abs(value))
  return value > 0 ? { lowest, highest } : { lowest: `-${highest}`, highest: `-${lowest}` }
}

/** A decimal is read as the nearest double; one in the middle of two as the even one. */
function positive(value: number): Decimals {
  const { mantissa, exponent } = partsOf(value)
  const isEven = mantissa % 2n === 0n
  // The double below a power of two is half as far away.
  const isPower = mantissa === hidden
  const below = isPower ? { factor: mantissa * 4n - 1n, exponent: exponent - 2 } : undefined
  const low = exactly(below ?? { factor: mantissa * 2n - 1n, exponent: exponent - 1 })
  const high = exactly({ factor: mantissa * 2n + 1n, exponent: exponent - 1 })
  const lowest = rounded(isEven ? low : { ...low, digits: low.digits + 1n }, 'up')
  const highest = rounded(isEven ? high : { ...high, digits: high.digits - 1n }, 'down')
  return { lowest: value <= Number(smallest) ? smallest : lowest, highest }
}

/** A double as a whole number times a power of two. */
function partsOf(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  // DynamoDB has no number without the hidden bit.
  return { mantissa: (bits & (hidden - 1n)) | hidden, exponent: Number(bits >> 52n) - 1075 }
}

/** A whole number times a power of ten. */
interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

/** With so many digits that one more or less at its end is nearer to it than any decimal of 38. */
function exactly({ factor, exponent }: { readonly factor: bigint; readonly exponent: number }): Decimal {
  const padding = 10n ** BigInt(mostDigits + 2)
  const whole = exponent >= 0 ? factor << BigInt(exponent) : factor * 5n ** BigInt(-exponent)
  return { digits: whole * padding, exponent: Math.min(0, exponent) - mostDigits - 2 }
}

function rounded({ digits, exponent }: Decimal, way: 'up' | 'down'): string {
  const dropped = digits.toString().length - mostDigits
  const unit = 10n ** BigInt(dropped)
  const kept = digits / unit + (way === 'up' && digits % unit > 0n ? 1n : 0n)
  return `${kept}E${exponent + dropped}`
}
