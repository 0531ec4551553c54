import { builtinModule } from '../builtin-module.ts'
import { joinedBytes } from '../joined-bytes.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** What is authenticated beside the text that is encrypted; the nonce is used once. */
export interface CipherInput {
  readonly nonce: Bytes
  readonly binding: Bytes
}

/** AES-256-GCM by one key; the tag follows what is encrypted. */
export interface CursorCipher {
  encrypt(plain: Bytes, input: CipherInput): Bytes | Promise<Bytes>
  /** @throws for anything that `encrypt` did not return for this key and input */
  decrypt(sealed: Bytes, input: CipherInput): Bytes | Promise<Bytes>
}

/** The part of `node:crypto` that is used. */
export interface NodeCiphers {
  hkdfSync(digest: 'sha256', secret: Bytes, salt: Bytes, info: Bytes, length: number): ArrayBuffer
  createSecretKey(key: Uint8Array): object
  createCipheriv(algorithm: 'aes-256-gcm', key: object, nonce: Bytes): NodeCipher
  createDecipheriv(algorithm: 'aes-256-gcm', key: object, nonce: Bytes, options: object): NodeDecipher
}

interface NodeCipher {
  setAAD(data: Bytes): unknown
  update(data: Bytes): Uint8Array
  final(): Uint8Array
  getAuthTag(): Uint8Array
}

interface NodeDecipher {
  setAAD(data: Bytes): unknown
  setAuthTag(tag: Bytes): unknown
  update(data: Bytes): Uint8Array
  final(): Uint8Array
}

export const tagBytes = 16
const keyBytes = 32

/** A version of the format: a cursor of another one does not open. */
const info = new TextEncoder().encode('lexigram-edge page cursor 1')

/** Derives the key (HKDF with SHA-256) and returns what encrypts by it. */
export type DeriveCipher = (secret: Bytes, salt: Bytes) => CursorCipher | Promise<CursorCipher>

/** By `node:crypto` where the runtime has it: for WebCrypto, Node hands each text to another thread. */
export function runtimeCiphers(): DeriveCipher {
  const node = builtinModule<NodeCiphers>('node:crypto')
  return isWhole(node) ? (secret, salt) => nodeCipher(node, secret, salt) : webCipher
}

function isWhole(node: Partial<NodeCiphers> | undefined): node is NodeCiphers {
  const names = ['hkdfSync', 'createSecretKey', 'createCipheriv', 'createDecipheriv'] as const
  return names.every((name) => typeof node?.[name] === 'function')
}

function nodeCipher(node: NodeCiphers, secret: Bytes, salt: Bytes): CursorCipher {
  const key = node.createSecretKey(new Uint8Array(node.hkdfSync('sha256', secret, salt, info, keyBytes)))
  return {
    encrypt(plain, { nonce, binding }) {
      const cipher = node.createCipheriv('aes-256-gcm', key, nonce)
      cipher.setAAD(binding)
      return joinedBytes([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    decrypt(sealed, { nonce, binding }) {
      const end = Math.max(0, sealed.length - tagBytes)
      const decipher = node.createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
      decipher.setAAD(binding)
      decipher.setAuthTag(sealed.slice(end))
      return joinedBytes([decipher.update(sealed.slice(0, end)), decipher.final()])
    },
  }
}

export async function webCipher(secret: Bytes, salt: Bytes): Promise<CursorCipher> {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt, info }
  const algorithm = { name: 'AES-GCM', length: keyBytes * 8 }
  const key = await crypto.subtle.deriveKey(derivation, material, algorithm, false, ['encrypt', 'decrypt'])
  const by = ({ nonce, binding }: CipherInput): AesGcmParams => ({
    name: 'AES-GCM',
    iv: nonce,
    additionalData: binding,
    tagLength: tagBytes * 8,
  })
  return {
    encrypt: async (plain, input) => new Uint8Array(await crypto.subtle.encrypt(by(input), key, plain)),
    decrypt: async (sealed, input) => new Uint8Array(await crypto.subtle.decrypt(by(input), key, sealed)),
  }
}
