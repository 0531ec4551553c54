import { importPKCS8, SignJWT } from 'jose'
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
  let key: CryptoKey
  try {
    key = await importPKCS8(privateKey, 'RS256')
  } catch {
    // The error may quote the key.
    throw new UsageError('the private key of the Firestore credentials cannot be read', {
      hint: 'It must be PKCS #8 in PEM, as it stands in the key file.',
    })
  }
  return new SignJWT({ scope })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(privateKeyId !== undefined && { kid: privateKeyId }) })
    .setIssuer(clientEmail)
    .setSubject(clientEmail)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key)
}
