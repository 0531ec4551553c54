import { AwsV4Signer } from 'aws4fetch'
import { builtinModule } from '../../../../core/builtin-module.ts'

/** What is signed, and with what. */
export type SignedRequest = ConstructorParameters<typeof AwsV4Signer>[0]

/** Signs requests with Signature Version 4. */
export interface Signer {
  /** The headers to send, those that were given included. */
  sign(request: SignedRequest): Promise<Headers>
}

/** The part of `node:crypto` that is needed here: it answers at once. */
export interface Digests {
  hash(algorithm: 'sha256', text: string): string
  createHmac(algorithm: 'sha256', key: object | string): Hmac
  createSecretKey(key: Uint8Array): object
}

interface Hmac {
  update(text: string): Hmac
  digest(): Uint8Array
  digest(encoding: 'hex'): string
}

/** Keys that were derived: one for each day, and for each secret that a role was given meanwhile. */
const mostKeys = 10

/**
 * Signs by `aws4fetch`, with the digests of `node:crypto` where the runtime has them: five digests by WebCrypto take Node
 * several times as long, for each is handed to another thread.
 *
 * @param digests `web` for those of WebCrypto
 */
export function requestSigner(digests: Digests | 'web' = runtimeDigests() ?? 'web'): Signer {
  const webKeys = new Map<string, ArrayBuffer>()
  const nodeKeys = new Map<string, object>()
  return {
    async sign(request) {
      if (webKeys.size + nodeKeys.size >= mostKeys) {
        webKeys.clear()
        nodeKeys.clear()
      }
      const given = { ...request, cache: webKeys }
      const signer = digests === 'web' ? new AwsV4Signer(given) : new DigestSigner(given, digests, nodeKeys)
      return (await signer.sign()).headers
    },
  }
}

export function runtimeDigests(): Digests | undefined {
  const digests = builtinModule<Digests>('node:crypto')
  // Both of its functions are there.
  return digests?.hash === undefined || digests.createSecretKey === undefined ? undefined : (digests as Digests)
}

/** The library says what is signed and how it is written down; the digests of that are Node's. */
class DigestSigner extends AwsV4Signer {
  readonly #digests: Digests
  readonly #keys: Map<string, object>

  constructor(request: SignedRequest, digests: Digests, keys: Map<string, object>) {
    super(request)
    this.#digests = digests
    this.#keys = keys
  }

  override async signature(): Promise<string> {
    const text = await this.stringToSign()
    return this.#digests.createHmac('sha256', this.#key()).update(text).digest('hex')
  }

  override async stringToSign(): Promise<string> {
    const digest = this.#digests.hash('sha256', await this.canonicalString())
    return `AWS4-HMAC-SHA256\n${this.datetime}\n${this.credentialString}\n${digest}`
  }

  override async hexBodyHash(): Promise<string> {
    return typeof this.body === 'string' ? this.#digests.hash('sha256', this.body) : super.hexBodyHash()
  }

  /** Derived from the secret by the day, the region, the service and a constant, which the scope of the credentials lists. */
  #key(): object {
    const name = `${this.secretAccessKey} ${this.credentialString}`
    const known = this.#keys.get(name)
    if (known !== undefined) return known
    const { createHmac, createSecretKey } = this.#digests
    let key: Uint8Array | string = `AWS4${this.secretAccessKey}`
    for (const part of this.credentialString.split('/')) key = createHmac('sha256', key).update(part).digest()
    // Node takes ten times as long for a key that is given as bytes.
    const made = createSecretKey(key as Uint8Array)
    this.#keys.set(name, made)
    return made
  }
}
