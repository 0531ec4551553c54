import type { ByteWriter } from './byte-writer.ts'

/** From here on a double no longer distinguishes neighbouring whole numbers. */
const wholeLimit = 2 ** 53

/**
 * Nine or ten bytes in the order of all doubles and 64-bit integers by value, so that 1 and 1n are the same and 2 ** 53
 * + 1 is between its neighbours: the largest double that is not above the value, and where that may lack something, the
 * rest. NaN comes first, -0 is 0.
 */
export function writeNumber(value: number | bigint, out: ByteWriter): void {
  const double = typeof value === 'number' ? value : doubleBelow(value)
  writeDouble(double, out)
  if (!needsRest(double)) return
  const rest = restOf(value, double)
  out.byte(rest >> 8)
  out.byte(rest & 0xff)
}

/** The same bytes in hexadecimal digits. */
export function numberHex(value: number | bigint): string {
  const double = typeof value === 'number' ? value : doubleBelow(value)
  setView(double)
  const hex = digits(view.getUint32(0), 8) + digits(view.getUint32(4), 8)
  return needsRest(double) ? hex + digits(restOf(value, double), 4) : hex
}

function digits(value: number, length: number): string {
  return value.toString(16).padStart(length, '0')
}

function needsRest(double: number): boolean {
  return Math.abs(double) >= wholeLimit && Number.isFinite(double)
}

/** What the double below a value lacks. */
function restOf(value: number | bigint, double: number): number {
  return typeof value === 'bigint' ? Number(value - BigInt(double)) : 0
}

/** One for all, as making them costs more than what is done with them. */
const view = new DataView(new ArrayBuffer(8))
const viewBytes = new Uint8Array(view.buffer)

/** Eight bytes in the order of doubles. */
export function writeDouble(value: number, out: ByteWriter): void {
  setView(value)
  out.bytes(viewBytes)
}

function setView(value: number): void {
  if (Number.isNaN(value)) {
    viewBytes.fill(0)
    return
  }
  view.setFloat64(0, value === 0 ? 0 : value)
  const high = view.getUint32(0)
  if (high < 0x8000_0000) view.setUint32(0, high + 0x8000_0000)
  else {
    view.setUint32(0, 0xffff_ffff - high)
    view.setUint32(4, 0xffff_ffff - view.getUint32(4))
  }
}

function doubleBelow(value: bigint): number {
  const nearest = Number(value)
  if (BigInt(nearest) <= value) return nearest
  view.setFloat64(0, nearest)
  view.setBigInt64(0, view.getBigInt64(0) + (nearest > 0 ? -1n : 1n))
  return view.getFloat64(0)
}
