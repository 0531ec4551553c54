import { describe, expect, it } from 'vitest'
import { requestSigner, runtimeDigests, type Digests, type SignedRequest } from './signer.ts'

/**
 * Of the test suite that AWS has published for Signature Version 4: those whose requests look as DynamoDB's do, `POST /`
 * without a query.
 */
const suite: readonly [name: string, headers: Readonly<Record<string, string>>, body: string, signature: string][] = [
  ['post-vanilla', {}, '', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'post-header-key-sort',
    { 'My-Header1': 'value1' },
    '',
    'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
  ],
  [
    'post-header-value-case',
    { 'My-Header1': 'VALUE1' },
    '',
    'cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d',
  ],
  [
    'post-x-www-form-urlencoded',
    { 'Content-Type': 'application/x-www-form-urlencoded' },
    'Param1=value1',
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
  [
    'post-x-www-form-urlencoded-parameters',
    { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf8' },
    'Param1=value1',
    '1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe',
  ],
]

const ofSuite: SignedRequest = {
  method: 'POST',
  url: 'https://example.amazonaws.com/',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
  service: 'service',
  datetime: '20150830T123600Z',
  // The suite signs the content type as well.
  allHeaders: true,
}

const ways = [
  ['the digests of node:crypto', runtimeDigests() as Digests], // part of Node
  ['WebCrypto', 'web'],
] as const

describe.each(ways)('requests signed with %s', (_name, digests) => {
  it.each(suite)('have the signature that AWS has published: %s', async (_case, headers, body, signature) => {
    const signed = await requestSigner(digests).sign({ ...ofSuite, headers, body })
    expect(signed.get('authorization')).toContain(`Signature=${signature}`)
  })

  it('differ by secret or day, whatever derived key is kept', async () => {
    const signer = requestSigner(digests)
    const sign = async (request: Partial<SignedRequest>) =>
      (await signer.sign({ ...ofSuite, ...request })).get('authorization')
    const [first, again] = [await sign({}), await sign({})]
    const others = [await sign({ secretAccessKey: 'another' }), await sign({ datetime: '20150831T123600Z' })]
    expect(again).toBe(first)
    expect(new Set([first, ...others]).size).toBe(3)
    // What was derived for one secret is not taken for another.
    expect(await sign({})).toBe(first)
  })
})

it('both sign text of any kind alike, with a session token', async () => {
  for (const body of ['{}', '{"text":"ü😀"}', `{"half":"${String.fromCharCode(0xd83d)}"}`]) {
    const request = {
      ...ofSuite,
      body,
      sessionToken: 'token',
      headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
    }
    const [node, web] = await Promise.all(ways.map(([, digests]) => requestSigner(digests).sign(request)))
    expect(node?.get('authorization')).toBe(web?.get('authorization'))
    expect(node?.get('x-amz-security-token')).toBe('token')
  }
})
