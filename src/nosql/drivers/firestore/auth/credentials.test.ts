import { exportPKCS8, generateKeyPair } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseServiceAccount } from './credentials.ts'
import { signJwt } from './sign-jwt.ts'

let pem = ''
beforeAll(async () => {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  pem = `${(await exportPKCS8(privateKey)).trim()}\n`
})

const fileOf = (privateKey: string): string =>
  JSON.stringify({
    type: 'service_account',
    project_id: 'shop',
    private_key_id: 'k1',
    private_key: privateKey,
    client_email: 'app@shop.iam.gserviceaccount.com',
  })

describe('the credentials of a service account', () => {
  const ways: Readonly<Record<string, () => string>> = {
    'the key file as it is': () => fileOf(pem),
    'base64 of it': () => Buffer.from(fileOf(pem)).toString('base64'),
    'base64 with line breaks': () => Buffer.from(fileOf(pem)).toString('base64').replaceAll(/.{76}/g, '$&\n'),
    'base64 for URLs': () => Buffer.from(fileOf(pem)).toString('base64url'),
    'escaped line breaks, escaped once more': () => fileOf(pem.replaceAll('\n', '\\n')),
    'line breaks of Windows, escaped twice': () => fileOf(pem.replaceAll('\n', '\\\\r\\\\n')),
    'real line breaks inside the JSON text': () => fileOf('KEY').replace('KEY', pem),
    'line breaks of Windows': () => fileOf(pem.replaceAll('\n', '\r\n')),
    'line breaks that became spaces': () => fileOf(pem.replaceAll('\n', ' ')),
    'no line breaks at all': () => fileOf(pem.replaceAll('\n', '')),
    'white space and a byte order mark around it': () => `\uFEFF  ${fileOf(pem)}\n`,
    'base64 without padding': () => Buffer.from(fileOf(pem)).toString('base64').replace(/=+$/, ''),
    'base64 in quotes': () => `"${Buffer.from(fileOf(pem)).toString('base64')}"`,
    'JSON within JSON': () => JSON.stringify(fileOf(pem)),
    'escaped quotes without quotes around it': () => JSON.stringify(fileOf(pem)).slice(1, -1),
    'base64 of JSON within JSON': () => Buffer.from(JSON.stringify(fileOf(pem))).toString('base64'),
    'line breaks between the members that became two characters': () =>
      JSON.stringify(JSON.parse(fileOf(pem)), undefined, 2).replaceAll(/\n/g, '\\n'),
    'quotes around it, as an env file has them': () => `'${fileOf(pem)}'`,
  }
  it.each(Object.entries(ways))('%s', async (_name, text) => {
    const account = parseServiceAccount(text())
    expect(account).toMatchObject({
      clientEmail: 'app@shop.iam.gserviceaccount.com',
      privateKeyId: 'k1',
      projectId: 'shop',
    })
    expect(await signJwt(account, { audience: 'a', scope: 's' })).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  })

  it.each([
    ['a path', '/etc/key-7391.json'],
    ['nothing', ''],
    ['base64 of something else', btoa('secret-7391')],
    ['JSON of something else', '"secret-7391"'],
    ['credentials of a user', JSON.stringify({ type: 'authorized_user', refresh_token: 'secret-7391' })],
  ])('%s is refused by a message that hides it', (_name, text) => {
    let thrown: unknown
    try {
      parseServiceAccount(text)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: 'LEX_ERR_USE_001' })
    expect(String(thrown)).toContain('the Firestore credentials must be the JSON of a service account key')
    expect(`${String(thrown)} ${JSON.stringify(thrown)}`).not.toContain('7391')
  })
})
