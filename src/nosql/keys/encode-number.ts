import type { ByteWriter } from './byte-writer.ts'

/** From here on a double no longer distinguishes neighbouring whole numbers. */
const wholeLimit = 2 ** 53

/**
 * Nine or ten bytes in the order of all doubles and 64-bit integers by value, so that 1 and 1n are the same and
 * 2 ** 53 + 1 stands between its neighbours: the largest double that is not above the value, and where that may lack
 * something, the rest. NaN comes first, -0 is 0.
 */
export function writeNumber(value: number | bigint, out: ByteWriter): void {
  const double = typeof value === 'number' ? value : doubleBelow(value)
  writeDouble(double, out)
  if (Math.abs(double) < wholeLimit || !Number.isFinite(double)) return
  const rest = typeof value === 'bigint' ? Number(value - BigInt(double)) : 0
  out.byte(rest >> 8)
  out.byte(rest & 0xff)
}

/** One for all, as making them costs more than what is done with them. */
const view = new DataView(new ArrayBuffer(8))
const viewBytes = new Uint8Array(view.buffer)

/** Eight bytes in the order of doubles. */
export function writeDouble(value: number, out: ByteWriter): void {
  if (Number.isNaN(value)) viewBytes.fill(0)
  else {
    view.setFloat64(0, value === 0 ? 0 : value)
    const high = view.getUint32(0)
    if (high < 0x8000_0000) view.setUint32(0, high + 0x8000_0000)
    else {
      view.setUint32(0, 0xffff_ffff - high)
      view.setUint32(4, 0xffff_ffff - view.getUint32(4))
    }
  }
  out.bytes(viewBytes)
}

function doubleBelow(value: bigint): number {
  const nearest = Number(value)
  if (BigInt(nearest) <= value) return nearest
  view.setFloat64(0, nearest)
  view.setBigInt64(0, view.getBigInt64(0) + (nearest > 0 ? -1n : 1n))
  return view.getFloat64(0)
}
