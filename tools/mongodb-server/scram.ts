import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { CommandError } from './command-error.ts'

const iterations = 4096

/** One conversation of SCRAM-SHA-256, the server's side. */
export interface Scram {
  /** Answers the client's first message. @throws CommandError `AuthenticationFailed` for an unknown user */
  first(message: string): string
  /** Answers the client's proof. @throws CommandError `AuthenticationFailed` for a wrong password */
  final(message: string): string
}

/** @see https://www.rfc-editor.org/rfc/rfc7677 */
export function createScram(users: Readonly<Record<string, string>>): Scram {
  let exchanged = ''
  let salted: Buffer = Buffer.alloc(0)
  return {
    first(message) {
      const bare = message.replace(/^[ny],,/, '')
      const fields = fieldsOf(bare)
      const user = (fields['n'] ?? '').replaceAll('=2C', ',').replaceAll('=3D', '=')
      const password = users[user]
      if (password === undefined) throw failed()
      const salt = randomBytes(28)
      salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
      const answer = `r=${fields['r']}${randomBytes(18).toString('base64')},s=${salt.toString('base64')},i=${iterations}`
      exchanged = `${bare},${answer}`
      return answer
    },
    final(message) {
      const withoutProof = message.replace(/,p=[^,]*$/, '')
      const signed = `${exchanged},${withoutProof}`
      const clientKey = hmac(salted, 'Client Key')
      const signature = hmac(createHash('sha256').update(clientKey).digest(), signed)
      const expected = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)))
      const proof = Buffer.from(fieldsOf(message)['p'] ?? '', 'base64')
      if (proof.length !== expected.length || !timingSafeEqual(proof, expected)) throw failed()
      return `v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`
    },
  }
}

function fieldsOf(message: string): Record<string, string> {
  return Object.fromEntries(message.split(',').map((field) => [field.slice(0, 1), field.slice(2)]))
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function failed(): CommandError {
  return new CommandError('AuthenticationFailed', 'Authentication failed.')
}
