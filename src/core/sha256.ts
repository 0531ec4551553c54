/** SHA-256 by WebCrypto, which every runtime has. */
export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  // The compiler does not know that no shared memory is hashed here.
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
}

/** The SHA-256 of text as UTF-8, in 64 lower-case hexadecimal digits. */
export async function sha256Hex(text: string): Promise<string> {
  const digest = await sha256(new TextEncoder().encode(text))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
