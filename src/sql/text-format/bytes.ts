/**
 * Reads `bytea` in both forms that a server may be set to (`bytea_output`): `\x00ff`, and the older one, in which a
 * backslash stands for itself when it is doubled and otherwise for a byte in octal.
 *
 * @throws SyntaxError when the text has neither form
 * @see https://www.postgresql.org/docs/current/datatype-binary.html
 */
export function decodeBytes(text: string): Uint8Array {
  return text.startsWith('\\x') ? decodeHex(text) : decodeEscapes(text)
}

function decodeHex(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length - 2) / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 + i * 2, 4 + i * 2), 16)
  return bytes
}

function decodeEscapes(text: string): Uint8Array {
  const bytes: number[] = []
  const pattern = /([^\\])|\\\\|\\([0-3][0-7]{2})/y
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text)
    if (found === null) throw new SyntaxError('the PostgreSQL bytea must be well-formed')
    const [, character, octal] = found
    bytes.push(character?.charCodeAt(0) ?? (octal === undefined ? 0x5c : Number.parseInt(octal, 8)))
  }
  return Uint8Array.from(bytes)
}
