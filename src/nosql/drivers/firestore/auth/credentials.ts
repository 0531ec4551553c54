import { UsageError } from '../../../../core/errors.ts'

/** The members of a service account's key file that are used. */
export interface ServiceAccount {
  readonly clientEmail: string
  /** PKCS #8 in PEM. */
  readonly privateKey: string
  readonly privateKeyId: string | undefined
  readonly projectId: string | undefined
}

/**
 * Reads a key file given as JSON or as base64 of JSON. Line breaks of the key may be real ones or `\n` in two characters,
 * as they come out of consoles and env files.
 *
 * @throws UsageError for anything else; its message shows nothing of the text
 */
export function parseServiceAccount(text: string): ServiceAccount {
  // `trim` takes a byte order mark away too.
  const bare = text.trim().replace(/^(['"])([^]*)\1$/, '$2')
  const file = parseObject(bare) ?? parseObject(fromBase64(bare))
  const {
    client_email: clientEmail,
    private_key: key,
    private_key_id: privateKeyId,
    project_id: projectId,
  } = file ?? {}
  if (typeof clientEmail !== 'string' || typeof key !== 'string') {
    throw new UsageError('the Firestore credentials must be the JSON of a service account key', {
      hint: 'Paste the whole key file, or its base64, with client_email and private_key.',
    })
  }
  return {
    clientEmail,
    privateKey: repairedPem(key),
    privateKeyId: typeof privateKeyId === 'string' ? privateKeyId : undefined,
    projectId: typeof projectId === 'string' ? projectId : undefined,
  }
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return parseWithRawNewlines(text)
  }
}

/** A key that was pasted with real line breaks inside its JSON string. */
function parseWithRawNewlines(text: string): Readonly<Record<string, unknown>> | undefined {
  const repaired = text.replaceAll(/-----BEGIN [^"]*-----END [^"]*-----\s*/g, (pem) => pem.replaceAll(/\r?\n/g, '\\n'))
  if (repaired === text) return undefined
  try {
    return JSON.parse(repaired) as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}

function fromBase64(text: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
    return new TextDecoder().decode(bytes)
  } catch {
    return undefined
  }
}

/** PEM whose line breaks were escaped, dropped or turned into spaces. */
function repairedPem(key: string): string {
  const unescaped = key.replaceAll('\\n', '\n').replaceAll('\r', '').trim()
  const [, label = 'PRIVATE KEY', body = ''] = /-----BEGIN ([A-Z ]+)-----([^]*?)-----END/.exec(unescaped) ?? []
  const lines = body.replaceAll(/\s+/g, '').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
