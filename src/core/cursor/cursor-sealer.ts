import { joinedBytes } from '../joined-bytes.ts'
import { fromBase64Url, toBase64Url } from '../base64.ts'
import { BadRequestError, UsageError } from '../errors.ts'
import { type CipherInput, type CursorCipher, runtimeCiphers, tagBytes } from './cursor-cipher.ts'
import { cursorSecretBytes, encode } from './cursor-secret.ts'

/** Makes the cursors of pages: text that hides a position, and that only its maker can read or write. */
export interface CursorSealer {
  /**
   * Turns a position into a cursor, in letters that fit into a URL. The same position becomes another text each time.
   *
   * @param binding What the cursor belongs to, such as table, order and tenant; it is not part of the cursor
   * @throws UsageError `LEX_ERR_USE_001` for a position of more than 12,000 bytes
   */
  seal(position: string, binding: string): Promise<string>
  /**
   * Returns the position inside a cursor.
   *
   * @param cursor What the client sent, whatever it is
   * @throws BadRequestError `LEX_ERR_DOM_001` for everything that `seal` did not return for this binding and secret
   */
  open(cursor: unknown, binding: string): Promise<string>
}

const saltBytes = 16
const nonceBytes = 12
const maxPositionBytes = 12_000
const maxCursorLength = Math.ceil(((saltBytes + nonceBytes + maxPositionBytes + tagBytes) * 4) / 3)

interface SaltedCipher {
  readonly salt: Uint8Array<ArrayBuffer>
  readonly cipher: CursorCipher
}

/**
 * A sealer of cursors (AES-256-GCM). Every instance that has the secret reads the cursors of the others. A key is derived
 * from it for each sealer, by a random salt that the cursors carry: random nonces do not run out, however many instances
 * there are.
 *
 * @param secret At least 16 bytes of text. Without it a random key is used, which other instances do not have.
 * @param derive What encrypts and decrypts by a key
 * @throws UsageError `LEX_ERR_USE_001` for a secret that is shorter
 */
export function createCursorSealer(secret?: string, derive = runtimeCiphers()): CursorSealer {
  let material = secret === undefined ? undefined : cursorSecretBytes(secret)
  let own: SaltedCipher | undefined

  // Made on first use: outside of a request Workers have no random numbers.
  const cipherFor = (salt: Uint8Array<ArrayBuffer>) => derive((material ??= random(32)), salt)
  const ownCipher = async (): Promise<SaltedCipher> => {
    if (own !== undefined) return own
    const salt = random(saltBytes)
    // The cipher is kept, and not its promise, for which another request of an isolate may not wait.
    return (own = { salt, cipher: await cipherFor(salt) })
  }

  return {
    async seal(position, binding) {
      const plain = encode(position)
      if (plain.length > maxPositionBytes) {
        throw new UsageError(
          `a page cursor cannot hold a position of ${plain.length} bytes: at most ${maxPositionBytes}`,
          {
            hint: 'Sort by shorter values.',
          },
        )
      }
      const { salt, cipher } = await ownCipher()
      const nonce = random(nonceBytes)
      const sealed = await cipher.encrypt(plain, inputOf(nonce, binding))
      return toBase64Url(joinedBytes([salt, nonce, sealed]))
    },
    async open(cursor, binding) {
      try {
        const bytes = bytesOf(cursor)
        const salt = bytes.slice(0, saltBytes)
        const nonce = bytes.slice(saltBytes, saltBytes + nonceBytes)
        const cipher = own !== undefined && isSame(own.salt, salt) ? own.cipher : await cipherFor(salt)
        const sealed = bytes.slice(saltBytes + nonceBytes)
        const plain = await cipher.decrypt(sealed, inputOf(nonce, binding))
        return new TextDecoder('utf-8', { ignoreBOM: true }).decode(plain)
      } catch {
        // What exactly is wrong with it would help only a forger.
        throw new BadRequestError('the page cursor cannot be read: it is malformed, or belongs to another query', {
          hint: 'Pass the cursor of the previous page with the same sort and filter, or start again without one.',
        })
      }
    },
  }
}

/** The length is looked at first, so that a huge text costs nothing. */
function bytesOf(cursor: unknown): Uint8Array<ArrayBuffer> {
  if (typeof cursor !== 'string' || cursor.length > maxCursorLength)
    throw new RangeError('the cursor must be text of a limited length')
  const bytes = fromBase64Url(cursor)
  // The last letter has bits that mean nothing; one position has one spelling.
  if (toBase64Url(bytes) !== cursor) throw new RangeError('the cursor must be the canonical text of its bytes')
  return bytes
}

function inputOf(nonce: Uint8Array<ArrayBuffer>, binding: string): CipherInput {
  return { nonce, binding: encode(binding) }
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length))
}

/** Of salts, which are not secret. */
function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i])
}
