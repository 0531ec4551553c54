import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { signJwt } from './sign-jwt.ts'

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey
const pkcs8 = (key: KeyObject, more: object = {}) => key.export({ type: 'pkcs8', format: 'pem', ...more }).toString()

describe('a private key that cannot sign for Google', () => {
  const keys: Readonly<Record<string, () => string>> = {
    'is too short': () => pkcs8(rsa(1024)),
    'is of an elliptic curve': () => pkcs8(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    'is PKCS #1': () => rsa(2048).export({ type: 'pkcs1', format: 'pem' }).toString(),
    'is encrypted': () => pkcs8(rsa(2048), { cipher: 'aes-256-cbc', passphrase: 'x' }),
    'ends in the middle': () => pkcs8(rsa(2048)).slice(0, 800),
  }
  it.each(Object.entries(keys))('is refused without being shown where it %s', async (_why, make) => {
    const privateKey = make()
    const account = { clientEmail: 'a@b', privateKey, privateKeyId: undefined, projectId: undefined }
    const error: unknown = await signJwt(account, { audience: 'x', scope: 'y' }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: 'the private key of the Firestore credentials cannot be used',
    })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(privateKey.slice(60, 90))
  })
})
