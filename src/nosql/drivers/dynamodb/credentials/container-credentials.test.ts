import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { toSecret } from '../../../../core/setting/secret.ts'
import { containerCredentials } from './container-credentials.ts'

const answer = { AccessKeyId: 'ASIA', SecretAccessKey: 's', Token: 't', Expiration: '2030-01-01T00:00:00Z' }
const credentials = {
  accessKeyId: 'ASIA',
  secretAccessKey: 's',
  sessionToken: 't',
  expiresAt: Date.UTC(2030, 0, 1),
}

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

/** An endpoint such as EKS has, which answers with these statuses in turn. */
async function endpoint(...statuses: readonly number[]) {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    const status = statuses[seen.length - 1] ?? 200
    response.writeHead(status, { location: '/elsewhere' }).end(status === 200 ? JSON.stringify(answer) : 'no')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => server.close())
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/credentials` }
}

describe('the credentials endpoint of a container', () => {
  it('is asked with the token of the environment', async () => {
    const { seen, url } = await endpoint()
    const settings = { containerCredentialsFullUri: url, containerAuthorizationToken: toSecret('Basic abc') }
    expect(await containerCredentials(settings, { fetch })?.()).toEqual(credentials)
    expect(seen.map(({ method, headers }) => [method, headers.authorization])).toEqual([['GET', 'Basic abc']])
  })

  it('is not asked again before the time that it names', async () => {
    const sent: string[] = []
    const busy = async (url: string) => {
      sent.push(url)
      return new Response('', { status: 503, headers: { 'retry-after': '60' } })
    }
    const provider = containerCredentials({ containerCredentialsRelativeUri: '/v1' }, { fetch: busy })
    await expect(provider?.()).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_002',
      hint: 'Try again in 60 seconds: the service asked for this wait.',
    })
    expect(sent).toHaveLength(1)
  })

  it('is asked with the token of the file as it is now', async () => {
    const { seen, url } = await endpoint()
    const folder = await mkdtemp(join(tmpdir(), 'pod-identity-'))
    cleanups.push(() => rm(folder, { recursive: true }))
    const file = join(folder, 'token')
    const provider = containerCredentials(
      {
        containerCredentialsFullUri: url,
        containerAuthorizationTokenFile: file,
        containerAuthorizationToken: toSecret('unused'),
      },
      { fetch },
    )
    await writeFile(file, 'first\n')
    await provider?.()
    await writeFile(file, 'second')
    await provider?.()
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['first', 'second'])
    await rm(file)
    await expect(provider?.()).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it('the credentials endpoint of a container of ECS is at its address, whatever the path looks like', async () => {
    const urls: string[] = []
    const send = async (url: string) => {
      urls.push(url)
      return Response.json(answer)
    }
    const settings = { containerCredentialsRelativeUri: '/v2/credentials/id' }
    expect(await containerCredentials(settings, { fetch: send })?.()).toEqual(credentials)
    expect(urls).toEqual(['http://169.254.170.2/v2/credentials/id'])
    expect(() =>
      containerCredentials({ containerCredentialsRelativeUri: '@evil.example/' }, { fetch: send }),
    ).toThrowError(/must be a path/)
  })

  it.each([
    'http://evil.example/',
    'http://127.0.0.1.evil.example/',
    'http://169.254.169.254/',
    'ftp://127.0.0.1/',
    'not a url',
  ])('is not asked at %s', (containerCredentialsFullUri) => {
    expect(() => containerCredentials({ containerCredentialsFullUri }, { fetch })).toThrowError(/must be an https URL/)
  })

  it.each([
    'https://credentials.example/',
    'http://[fd00:ec2::23]/v1/credentials',
    'http://169.254.170.23/',
    'http://localhost:1/',
  ])('may be %s', (containerCredentialsFullUri) => {
    expect(containerCredentials({ containerCredentialsFullUri }, { fetch })).toBeTypeOf('function')
  })

  it('is asked again when it fails, three times at most', async () => {
    const twice = await endpoint(500, 429)
    expect(await containerCredentials({ containerCredentialsFullUri: twice.url }, { fetch })?.()).toEqual(credentials)
    const always = await endpoint(500, 500, 500, 500)
    await expect(
      containerCredentials({ containerCredentialsFullUri: always.url }, { fetch })?.(),
    ).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_002' })
    expect([twice.seen.length, always.seen.length]).toEqual([3, 3])
  })

  it('is not asked again when it refuses', async () => {
    const refusing = await endpoint(403)
    await expect(
      containerCredentials({ containerCredentialsFullUri: refusing.url }, { fetch })?.(),
    ).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_002' })
    expect(refusing.seen).toHaveLength(1)
  })

  it('is not left for where it redirects', async () => {
    const leading = await endpoint(302, 302, 302)
    const settings = { containerCredentialsFullUri: leading.url, containerAuthorizationToken: toSecret('token') }
    await expect(containerCredentials(settings, { fetch })?.()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_002' })
    expect(leading.seen.every(({ url }) => url === '/v1/credentials')).toBe(true)
  })

  it('is absent without a name for it', () => {
    expect(containerCredentials({}, { fetch })).toBeUndefined()
  })
})
