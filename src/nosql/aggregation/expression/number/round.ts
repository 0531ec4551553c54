import { isInt64 } from '../../../query/checked-copy.ts'
import { fail } from '../failure.ts'

type Mode = 'nearest' | 'down'

/** Rounds to `place` decimals (negative: tens, hundreds …), ties to even, on the exact decimal value of the double. */
export function round(value: number | bigint, place: number, mode: Mode): number | bigint {
  if (typeof value === 'bigint') {
    if (place >= 0) return value
    const rounded = roundWhole(value, place, { mode, above: false })
    return isInt64(rounded) ? rounded : fail(51080, 'a rounded number must be within the range of int64')
  }
  if (!Number.isFinite(value) || (Number.isInteger(value) && place >= 0)) return value
  const size = Math.abs(value)
  const rounded = place < 0 ? roundLeft(size, place, mode) : Number(roundRight(size, place, mode))
  return value < 0 ? -rounded : rounded
}

function roundLeft(size: number, place: number, mode: Mode): number {
  const whole = Math.trunc(size)
  return Number(roundWhole(BigInt(whole), place, { mode, above: size > whole }))
}

/** `above` says that a fraction was cut off: half is then more than half. */
function roundWhole(value: bigint, place: number, how: { readonly mode: Mode; readonly above: boolean }): bigint {
  const unit = 10n ** BigInt(-place)
  const down = value / unit
  const rest = value % unit < 0n ? -(value % unit) : value % unit
  const twice = rest * 2n
  const up = how.mode === 'nearest' && (twice > unit || (twice === unit && (how.above || down % 2n !== 0n)))
  return (up ? down + (value < 0n ? -1n : 1n) : down) * unit
}

/** Decimals beyond `place` that distinguish a tie from its neighbours: MongoDB rounds the double to 34 digits first. */
const GUARD_DIGITS = 34

function roundRight(size: number, place: number, mode: Mode): string {
  if (size >= 1e21) return String(size)
  const digits = size.toFixed(Math.min(100, place + GUARD_DIGITS))
  const cut = digits.indexOf('.') + 1 + place
  const down = digits.slice(0, cut)
  if (mode === 'down') return down
  const tie = /^50*$/.test(digits.slice(cut)) && /[02468]\.?$/.test(down)
  return tie ? down : size.toFixed(place)
}
