import { UsageError } from './errors.ts'
import { kindOf } from './plain-object.ts'

/** A handler without types may have put anything into its stream. @throws UsageError `LEX_ERR_USE_001` */
export function assertBytes(chunk: unknown): void {
  if (chunk instanceof Uint8Array) return
  throw new UsageError(`a chunk of the response body must be bytes, not ${kindOf(chunk)}`, {
    hint: 'Encode it: new TextEncoder().encode(text).',
  })
}
