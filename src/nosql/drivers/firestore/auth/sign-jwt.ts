import { SignJWT } from 'jose'
import { fromBase64 } from '../../../../core/base64.ts'
import { UsageError } from '../../../../core/errors.ts'
import type { ServiceAccount } from './credentials.ts'

export interface Claims {
  readonly audience: string
  readonly scope: string
}

/** A JWT for an hour, signed with the account's key. @throws UsageError for a key that cannot be read, without showing it */
export async function signJwt(
  { clientEmail, privateKey, privateKeyId }: ServiceAccount,
  { audience, scope }: Claims,
): Promise<string> {
  const token = new SignJWT({ scope })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(privateKeyId !== undefined && { kid: privateKeyId }) })
    .setIssuer(clientEmail)
    .setSubject(clientEmail)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('1h')
  try {
    return await token.sign(await importKey(privateKey))
  } catch {
    // The error may quote the key.
    throw new UsageError('the private key of the Firestore credentials cannot be used', {
      hint: 'It must be an RSA key of 2048 bits or more, PKCS #8 in PEM without encryption, as it stands in the key file.',
    })
  }
}

const pem = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/

/** @throws an error that may quote the key */
function importKey(text: string): Promise<CryptoKey> {
  const bytes = fromBase64(pem.exec(text)?.[1]?.replace(/\s/g, '') ?? '')
  return crypto.subtle.importKey('pkcs8', bytes, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['sign'])
}
