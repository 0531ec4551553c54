/**
 * The fields of a protobuf message that have a length (texts, bytes, messages), by number; others are skipped.
 *
 * @throws RangeError for what is not a whole message
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function readFields(message: Buffer): ReadonlyMap<number, readonly Buffer[]> {
  const fields = new Map<number, Buffer[]>()
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = message.readUInt8(at++)
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  while (at < message.length) {
    const tag = varint()
    const type = tag % 8
    if (type === 0) varint()
    else if (type === 1) at += 8
    else if (type === 5) at += 4
    else if (type === 2) {
      const length = varint()
      if (at + length > message.length) throw new RangeError('a field is longer than its message')
      const number = Math.floor(tag / 8)
      fields.set(number, [...(fields.get(number) ?? []), message.subarray(at, at + length)])
      at += length
    } else throw new RangeError(`wire type ${type} is not read here`)
  }
  return fields
}
