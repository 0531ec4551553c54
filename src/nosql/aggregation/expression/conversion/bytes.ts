import { fromBase64, fromBase64Url, toBase64, toBase64Url } from '../../../../core/base64.ts'
import { fail } from '../failure.ts'

interface Form {
  readonly write: (bytes: Uint8Array) => string
  readonly fits: RegExp
  readonly read: (text: string) => Uint8Array
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

const BASE64: Form = {
  write: toBase64,
  fits: /^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/,
  read: (text) => (text.includes('_') ? cannotRead() : fromBase64(text)),
}

/** The text formats of bytes, by their names in `$convert`. */
const FORMS: Readonly<Record<string, Form>> = {
  auto: { ...BASE64, fits: /$^/ },
  base64: BASE64,
  base64url: {
    write: toBase64Url,
    fits: /^(?:[\w-]{4})*(?:[\w-]{2,3})?(?:==?)?$/,
    read: (text) => fromBase64Url(text.replace(/=+$/, '')),
  },
  hex: { write: (bytes) => hex(bytes).toUpperCase(), fits: /^(?:[\da-f]{2})*$/i, read: fromHex },
  utf8: {
    write: (bytes) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    fits: /^/,
    read: (text) => new TextEncoder().encode(text),
  },
  uuid: {
    write: (bytes) =>
      bytes.length === 16 ? hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : cannotRead(),
    fits: /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i,
    read: (text) => fromHex(text.replaceAll('-', '')),
  },
}

function cannotRead(): never {
  return fail('ConversionFailure', 'the value must have the format of the conversion')
}

function form(format: string | undefined): Form {
  if (format === undefined) return fail(4341115, '$convert must have a format between strings and binData')
  return FORMS[format] ?? cannotRead()
}

export function isFormat(format: string): boolean {
  return Object.hasOwn(FORMS, format)
}

export function bytesText(bytes: Uint8Array, format: string | undefined): string {
  try {
    return form(format).write(bytes)
  } catch (error) {
    return error instanceof TypeError ? cannotRead() : rethrow(error)
  }
}

function rethrow(error: unknown): never {
  throw error
}

export function bytesFrom(text: string, format: string | undefined): Uint8Array {
  const { fits, read } = form(format)
  return fits.test(text) ? read(text) : cannotRead()
}

/** A number's bytes, as the machine or the network orders them. */
export function numberBytes(
  value: number | bigint,
  how: { readonly little: boolean; readonly int: boolean },
): Uint8Array {
  const view = new DataView(new ArrayBuffer(how.int ? 4 : 8))
  if (typeof value === 'bigint') view.setBigInt64(0, value, how.little)
  else if (how.int) view.setInt32(0, value, how.little)
  else view.setFloat64(0, value, how.little)
  return new Uint8Array(view.buffer)
}

/** The whole number that 1, 2, 4 or 8 bytes hold, or undefined. */
export function wholeFromBytes(bytes: Uint8Array, little: boolean): bigint | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (bytes.length === 1) return BigInt(view.getInt8(0))
  if (bytes.length === 2) return BigInt(view.getInt16(0, little))
  if (bytes.length === 4) return BigInt(view.getInt32(0, little))
  return bytes.length === 8 ? view.getBigInt64(0, little) : undefined
}

/** The double that 4 or 8 bytes hold, or undefined. */
export function doubleFromBytes(bytes: Uint8Array, little: boolean): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (bytes.length === 4) return view.getFloat32(0, little)
  return bytes.length === 8 ? view.getFloat64(0, little) : undefined
}
