import { fromBase64 } from '../../../../core/base64.ts'
import { UsageError } from '../../../../core/errors.ts'

/** The members of a service account's key file that are used. */
export interface ServiceAccount {
  readonly clientEmail: string
  /** PKCS #8 in PEM, with any white space for its line breaks, or none. */
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
  const file = fileIn(text, mostLayers)
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
    privateKey: key.replaceAll(/\\+[rn]/g, '\n'),
    privateKeyId: typeof privateKeyId === 'string' ? privateKeyId : undefined,
    projectId: typeof projectId === 'string' ? projectId : undefined,
  }
}

/** JSON in base64 of JSON is two layers: consoles and deployment tools add one each. */
const mostLayers = 3

function fileIn(text: string, layers: number): Readonly<Record<string, unknown>> | undefined {
  // `trim` takes a byte order mark away too.
  const bare = text.trim().replace(/^(['"])([^]*)\1$/, '$2')
  const value = parsed(bare) ?? parsed(withEscapedKey(bare))
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  if (layers === 1) return undefined
  // JSON in a string of JSON, or with line breaks that became two characters between its members.
  for (const inner of [parsed(`"${bare}"`), bare.replaceAll(/\\+n/g, '\n'), textOfBase64(bare)]) {
    const file = typeof inner === 'string' && inner !== bare ? fileIn(inner, layers - 1) : undefined
    if (file !== undefined) return file
  }
  return undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A key that was pasted with real line breaks inside its JSON string. */
function withEscapedKey(text: string): string {
  return text.replaceAll(/-----BEGIN [^"]*-----END [^"]*-----\s*/g, (pem) => pem.replaceAll(/\r?\n/g, '\\n'))
}

/** Of either alphabet. */
function textOfBase64(text: string): string | undefined {
  try {
    return new TextDecoder().decode(fromBase64(text.replaceAll('-', '+').replaceAll('_', '/')))
  } catch {
    return undefined
  }
}
