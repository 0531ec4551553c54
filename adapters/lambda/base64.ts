/** The bytes, or `undefined` for text that is not base64: `Buffer` would skip the invalid part. */
export function fromBase64(text: string): Buffer<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  return Buffer.from(text, 'base64')
}
