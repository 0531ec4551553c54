import { describe, expect, it } from 'vitest'
import { metadataTokens, type Fetch } from './tokens.ts'

describe('the service that gives tokens', () => {
  it('may not lead elsewhere', async () => {
    const sent: (RequestInit | undefined)[] = []
    const leading: Fetch = async (_url, init) => {
      sent.push(init)
      return new Response(null, { status: 302, headers: { location: 'http://elsewhere.example/?secret' } })
    }
    await expect(metadataTokens(leading)({})).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_002',
      message: 'a token cannot be obtained: Google’s token service redirects (HTTP 302), which is not followed',
    })
    expect(sent).toMatchObject([{ redirect: 'manual' }])
  })
})
