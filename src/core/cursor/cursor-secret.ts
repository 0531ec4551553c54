import { UsageError } from '../errors.ts'
import { optional, secret, string } from '../setting/schema.ts'

/** Fewer bytes could be found by trying. */
const minCursorSecretBytes = 16

/** The variable that fills the setting in every section that has it. */
export const cursorSecretAlias = 'CURSOR_SECRET'

/** The setting for the secret of cursors, the same in each section that has one. */
export function cursorSecretSetting() {
  return optional(
    secret(
      string({
        shape: `text of at least ${minCursorSecretBytes} bytes`,
        test: (text) => encode(text).length >= minCursorSecretBytes,
        description: 'Encrypts page cursors. Without it, each instance can read only its own cursors.',
      }),
    ),
  )
}

/** @throws UsageError `LEX_ERR_USE_001` for a secret that is not text, or is too short; the secret is not repeated */
export function cursorSecretBytes(given: string): Uint8Array<ArrayBuffer> {
  const bytes = typeof given === 'string' ? encode(given) : new Uint8Array(0)
  if (bytes.length >= minCursorSecretBytes) return bytes
  throw new UsageError(`cursorSecret must be text of at least ${minCursorSecretBytes} bytes`, {
    hint: 'Generate a random secret, and use the same one in all instances of the application.',
  })
}

/** @internal */
export function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
