import { inspect } from 'node:util'
import { decodeProtectedHeader, exportPKCS8, generateKeyPair, jwtVerify, type CryptoKey } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeWithFirestore } from '../../../../test/support/firestore-emulator.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { defineConfig } from '../../../config/define-config.ts'
import { createApplication } from '../../../runtime/application.ts'
import { NoSqlConfig } from '../../config.ts'
import { noSqlProvider } from '../../provider.ts'
import { createDocumentStore, DocumentStore } from '../../store/document-store.ts'
import { firestore, type FirestoreOptions } from './firestore-driver.ts'
import type { Fetch } from './auth/tokens.ts'

const email = 'app@auth-test.iam.gserviceaccount.com'

describeWithFirestore((emulator) => {
  let publicKey: CryptoKey
  let credentials = ''
  beforeAll(async () => {
    const pair = await generateKeyPair('RS256', { extractable: true })
    publicKey = pair.publicKey
    credentials = JSON.stringify({
      project_id: 'auth-test',
      client_email: email,
      private_key_id: 'k1',
      private_key: await exportPKCS8(pair.privateKey),
    })
  })

  /** Google's hosts, as far as a driver sees them: its token service, which checks what it is sent, and Firestore. */
  function google() {
    const good = new Set<string>()
    const seen = { tokens: 0, metadata: 0, refused: 0, paths: [] as string[] }
    const give = (): Response => {
      seen.tokens += 1
      const token = `ya29.secret-${seen.tokens}`
      good.add(token)
      return Response.json({ access_token: token, expires_in: 3599, token_type: 'Bearer' })
    }
    const fetcher: Fetch = async (url, init = {}) => {
      const { host, pathname } = new URL(url)
      if (host === 'oauth2.googleapis.com') {
        const assertion = new URLSearchParams(String(init.body)).get('assertion') ?? ''
        await jwtVerify(assertion, publicKey, { issuer: email, subject: email, audience: url })
        expect(decodeProtectedHeader(assertion)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' })
        return give()
      }
      if (host === 'metadata.google.internal') {
        expect(new Headers(init.headers).get('metadata-flavor')).toBe('Google')
        seen.metadata += 1
        return give()
      }
      expect(host).toBe('firestore.googleapis.com')
      seen.paths.push(pathname)
      const headers = new Headers(init.headers)
      const token = headers.get('authorization')?.replace('Bearer ', '') ?? ''
      if (!good.has(token)) {
        seen.refused += 1
        const error = { code: 401, status: 'UNAUTHENTICATED', message: `the token ${token} has expired` }
        return Response.json({ error }, { status: 401 })
      }
      headers.set('authorization', 'Bearer owner')
      return fetch(url.replace('https://firestore.googleapis.com', `http://${emulator().host}`), { ...init, headers })
    }
    return { fetcher, seen, good }
  }

  const open = (options: FirestoreOptions, config: Readonly<Record<string, unknown>>) =>
    createDocumentStore(firestore(options), { config })

  describe('authentication', () => {
    it('a service account signs for a token, once for any number of calls', async () => {
      const { fetcher, seen } = google()
      await using store = open({ fetch: fetcher }, { credentialsJson: toSecret(credentials) })
      const users = store.collection('signed')
      await Promise.all(Array.from({ length: 20 }, (_, n) => users.replaceOne({ _id: n }, { n }, { upsert: true })))
      expect(await users.countDocuments({})).toBe(20)
      expect(seen.tokens).toBe(1)
      expect(seen.paths[0]).toContain('/projects/auth-test/databases/(default)/documents')
    })

    it('a token that ends in mid-run is renewed once', async () => {
      const { fetcher, seen, good } = google()
      await using store = open({ fetch: fetcher }, { credentialsJson: toSecret(credentials) })
      const users = store.collection('renewed')
      await users.deleteMany({})
      good.clear() // revoked, or the clock was wrong
      await Promise.all(Array.from({ length: 50 }, (_, n) => users.insertOne({ n })))
      expect(await users.countDocuments({})).toBe(50)
      expect(seen.tokens).toBe(2)
    })

    it('a token that is refused again is an error that does not show it', async () => {
      const { fetcher, seen, good } = google()
      good.add = () => good
      await using store = open({ fetch: fetcher }, { credentialsJson: toSecret(credentials) })
      for (const call of [store.listCollections(), store.collection('refused').insertOne({ n: 1 })]) {
        const error: unknown = await call.catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({ code: 'LEX_ERR_NOSQL_002' })
        expect(String(error)).toContain('the credentials cannot be used: Firestore refused them')
        expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret')
      }
      expect(seen.refused).toBeLessThanOrEqual(6)
    })

    it('the metadata server is asked where there are no credentials', async () => {
      const { fetcher, seen } = google()
      await using store = open({ fetch: fetcher }, { projectId: 'auth-test' })
      await store.listCollections()
      expect(seen).toMatchObject({ metadata: 1, tokens: 1 })
    })

    it('workload identity is a function that returns a token', async () => {
      const { fetcher, seen, good } = google()
      good.add('federated')
      const token = () => Promise.resolve({ token: 'federated', expiresAt: Date.now() + 3_600_000 })
      await using store = open({ fetch: fetcher, token }, { projectId: 'auth-test' })
      await store.listCollections()
      expect(seen.tokens).toBe(0)
    })

    it.each([
      ['JSON', (text: string) => text],
      ['base64', (text: string) => btoa(text)],
    ])('credentials are read from the environment as %s', async (_name, write) => {
      const { fetcher, seen } = google()
      const app = createApplication({
        name: 'shop',
        config: defineConfig({ nosql: NoSqlConfig }),
        providers: [noSqlProvider({ drivers: [firestore({ fetch: fetcher })] })],
      })
      await using running = await app.boot({ FIRESTORE_CREDENTIALS: write(credentials) })
      await using scope = running.container.scope()
      const store = await scope.resolve(DocumentStore)
      await store.collection('environment').replaceOne({ _id: 'a' }, { n: 1 }, { upsert: true })
      expect(seen.tokens).toBe(1)
      expect(seen.paths[0]).toContain('/projects/auth-test/databases/(default)/')
    })

    it('named databases are apart', async () => {
      const { fetcher, seen } = google()
      const driver = firestore({ fetch: fetcher })
      const config = { credentialsJson: toSecret(credentials) }
      await using first = createDocumentStore(driver, { config: { ...config, databaseId: 'first' } })
      await using second = createDocumentStore(driver, { config, database: 'second' })
      await first.collection('places').replaceOne({ _id: 'a' }, { of: 'first' }, { upsert: true })
      expect(await second.collection('places').findOne({ _id: 'a' })).toBeNull()
      expect(await first.collection('places').findOne({ _id: 'a' })).toMatchObject({ of: 'first' })
      expect(seen.paths.some((path) => path.includes('/databases/first/'))).toBe(true)
      expect(seen.paths.some((path) => path.includes('/databases/second/'))).toBe(true)
    })

    it('two accounts of one driver do not share tokens', async () => {
      const seen: string[] = []
      const fetcher: Fetch = (url) => {
        if (!url.includes('token')) seen.push(new URL(url).pathname)
        return url.includes('token')
          ? Promise.resolve(Response.json({ access_token: 't', expires_in: 3600 }))
          : Promise.resolve(Response.json(url.endsWith(':runQuery') ? [{ readTime: 'now' }] : {}))
      }
      const driver = firestore({ fetch: fetcher })
      for (const project of ['one', 'two']) {
        const text = JSON.stringify({ ...(JSON.parse(credentials) as object), project_id: project })
        await using store = createDocumentStore(driver, { config: { credentialsJson: toSecret(text) } })
        await store.listCollections()
      }
      expect(seen.map((path) => path.split('/')[3])).toEqual(['one', 'one', 'two', 'two'])
    })

    it.each([
      ['refuses', () => Response.json({ error: 'invalid_grant', error_description: 'secret-1' }, { status: 400 })],
      ['answers no JSON', () => new Response('secret-1')],
      ['is down', () => new Response('secret-1', { status: 503 })],
      ['never answers', () => new Promise<Response>(() => undefined)],
    ])('a typed error hides every secret where the token service %s', async (_name, answer) => {
      const fetcher: Fetch = () => Promise.resolve(answer())
      await using store = open({ fetch: fetcher }, { credentialsJson: toSecret(credentials) })
      const error: unknown = await store
        .collection('x')
        .insertOne({ n: 1 }, { deadline: Date.now() + 500 })
        .catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: expect.stringMatching(/LEX_ERR_(NOSQL_002|INFRA_002)/) as unknown })
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/secret-1|PRIVATE KEY/)
    })

    it('a key that cannot be read is named without its text', async () => {
      const text = JSON.stringify({ client_email: email, private_key: 'secret-key', project_id: 'p' })
      await using store = open({ fetch: google().fetcher }, { credentialsJson: toSecret(text) })
      const error: unknown = await store.listCollections().catch((thrown: unknown) => thrown)
      expect(String(error)).toContain('the private key of the Firestore credentials cannot be used')
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret-key')
    })
  })
})
