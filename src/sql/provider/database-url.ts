import { urlError } from './choose-driver.ts'

/** What a URL says of a database on a server, decoded. */
export interface DatabaseUrl {
  /** The URL as every reader understands it: what is not a letter of a URL is percent-encoded. */
  readonly href: string
  readonly user: string
  readonly password: string
  /** Without the brackets of an IPv6 address, which only a URL has. */
  readonly host: string
  readonly port: number | undefined
  readonly database: string
  /** Each with its name, which is there once. */
  readonly parameters: readonly (readonly [name: string, value: string])[]
}

/**
 * The parts of a database URL. What has no meaning in one is refused: it would be ignored, or end a text of the protocol.
 *
 * @throws UsageError which repeats nothing of the URL
 */
export function readDatabaseUrl(text: string): DatabaseUrl {
  const url = URL.parse(text)
  const database = decode(url?.pathname.slice(1) ?? '')
  if (url === null || url.username === '' || url.hostname === '' || database === '') {
    throw urlError('the database URL must have a user, a host and a database')
  }
  if (url.hash !== '') throw urlError('the database URL cannot have a fragment: # is written as %23')
  const host = decode(url.hostname).replace(/^\[(.*)\]$/, '$1')
  if (/[/,]/.test(host)) throw urlError('the database URL must name one host: a socket or several cannot be used')
  const parameters = [...url.searchParams]
  if (new Set(parameters.map(([name]) => name)).size < parameters.length) {
    throw urlError('the database URL cannot have a parameter twice')
  }
  const parts = { user: decode(url.username), password: decode(url.password), host, database }
  const texts = [...Object.values(parts), ...parameters.flat()]
  if (texts.some((part) => part.includes('\0'))) throw urlError('the database URL cannot have the character NUL')
  return { ...parts, href: url.href, port: url.port === '' ? undefined : Number(url.port), parameters }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw urlError('the database URL must be percent-encoded')
  }
}
