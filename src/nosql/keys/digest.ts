import { toBase64Url } from '../../core/base64.ts'
import { sha256 } from '../../core/sha256.ts'

/** Bytes that name something: above this many they are replaced by their hash. */
const mostBytes = 128

/**
 * A stable name for bytes, of letters, digits, `-` and `_`: the bytes themselves where they are few (`k…`), else their
 * SHA-256 (`h…`), so that different bytes never share a name.
 */
export async function nameOf(bytes: Uint8Array): Promise<string> {
  if (bytes.length <= mostBytes) return `k${toBase64Url(bytes)}`
  return `h${toBase64Url(await sha256(bytes))}`
}
