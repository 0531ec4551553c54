import { fromBase64, toBase64 } from '../../../../core/base64.ts'

/**
 * A value as DynamoDB's API has it. Bytes that are sent are bytes, as the vendor's SDK takes them; those of an answer are
 * as the transport has them, read by `bytesOf`, so that no answer has to be copied for them.
 */
export type AttributeValue = Readonly<Record<string, unknown>>
export type Item = Readonly<Record<string, AttributeValue>>

/** The JSON of a request, whose bytes are base64. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (inner instanceof Uint8Array ? toBase64(inner) : inner))
}

/** The bytes of a value: those of an answer are base64 over `fetch` and in events of Lambda, and bytes over the SDK. */
export function bytesOf({ B: bytes }: AttributeValue): Uint8Array {
  return typeof bytes === 'string' ? fromBase64(bytes) : new Uint8Array(bytes as Uint8Array)
}
