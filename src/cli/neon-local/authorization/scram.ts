import { createHmac, createHash, pbkdf2Sync, timingSafeEqual } from 'node:crypto'

const secretForm = /^SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):/

/**
 * Whether a password is the one that PostgreSQL keeps a SCRAM secret of. A role without a secret, or with one of another
 * kind, has no password that fits.
 *
 * @see https://www.postgresql.org/docs/current/catalog-pg-authid.html
 */
export function passwordFits(password: string, secret: string | null): boolean {
  const [, iterations, salt, storedKey] = secretForm.exec(secret ?? '') ?? []
  if (salt === undefined || storedKey === undefined) return false
  const salted = pbkdf2Sync(password.normalize('NFKC'), Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const key = createHash('sha256').update(clientKey).digest()
  const expected = Buffer.from(storedKey, 'base64')
  return key.length === expected.length && timingSafeEqual(key, expected)
}
