import type { ClientConfig } from 'pg'
import { UsageError } from '../../../core/errors.ts'
import type { ChannelBinding } from './channel-binding.ts'
import { readDatabaseUrl, type DatabaseUrl } from '../../provider/database-url.ts'

/** How the server is checked, and what this side shows. Without `rejectUnauthorized: false` its certificate must fit. */
export interface PostgresTls {
  /** Certificates in PEM that may sign the server's. @default those of the runtime */
  readonly ca?: string
  /** This side's certificate and key in PEM, where the server asks for one. */
  readonly cert?: string
  readonly key?: string
  /** Name in the server's certificate, when it is not the host of the URL. */
  readonly servername?: string
  /** @default true */
  readonly rejectUnauthorized?: boolean
}

export interface ClientOptions {
  readonly tls?: PostgresTls | boolean | undefined
  readonly password?: (() => string | Promise<string>) | undefined
}

/**
 * Options of the vendor's client, from the database URL. The vendor's parser of URLs overrides TLS options that are passed
 * beside the URL, and reads files. Therefore parameters are read here, and one without an effect is refused.
 *
 * @throws UsageError for a URL without a user, host or database, and for a parameter that is not known; no value is repeated
 */
export function clientConfig(text: string, { tls, password }: ClientOptions): ClientConfig {
  const url = readDatabaseUrl(text)
  const parameters = readParameters(url.parameters)
  return {
    user: url.user,
    password: password ?? url.password,
    host: url.host,
    port: url.port ?? 5432,
    database: url.database,
    ...parameters,
    // A copy, for the vendor hides the key in it.
    ssl: typeof tls === 'object' ? { ...tls } : (tls ?? parameters.ssl ?? false),
    keepAlive: true,
  }
}

type Parameters = Pick<ClientConfig, 'ssl' | 'application_name' | 'options'>

function readParameters(parameters: DatabaseUrl['parameters']): Parameters {
  const read: Parameters = {}
  for (const [name, value] of parameters) {
    switch (name) {
      case 'sslmode':
        read.ssl = sslMode(value)
        break
      case 'application_name':
        read.application_name = value
        break
      case 'options':
        read.options = value
        break
      case 'channel_binding':
        channelBinding(value)
        break
      case 'pgbouncer':
        isPooled(value)
        break
      default:
        throw new UsageError(`the database URL cannot have ${nameOf(name)}: postgres does not know it`, {
          hint: 'It knows sslmode, application_name, options, channel_binding and pgbouncer; pass certificates as postgres({ tls }).',
        })
    }
  }
  return read
}

/** What a URL says that is not the vendor's business. */
export interface OwnParameters {
  /**
   * Whether a pooler in transaction mode is in front of the server. Other clients turn their named statements off then;
   * this one has none, and refuses what the pooler would hand to another client.
   */
  readonly behindPooler: boolean
  readonly channelBinding: ChannelBinding
}

export function readOwnParameters(text: string): OwnParameters {
  const parameters = new Map(readDatabaseUrl(text).parameters)
  return {
    behindPooler: isPooled(parameters.get('pgbouncer') ?? 'false'),
    channelBinding: channelBinding(parameters.get('channel_binding') ?? 'disable'),
  }
}

function isPooled(value: string): boolean {
  if (value === 'true' || value === 'false') return value === 'true'
  throw new UsageError('pgbouncer of the database URL must be true or false')
}

function channelBinding(value: string): ChannelBinding {
  if (value === 'disable' || value === 'prefer' || value === 'require') return value
  throw new UsageError('channel_binding of the database URL must be disable, prefer or require')
}

/** What is not a known name may be a part of a password. */
function nameOf(text: string): string {
  return otherParameters.has(text) ? `the parameter "${text}"` : 'a parameter of another name'
}

/** Those that other clients know. */
const otherParameters = new Set(
  (
    'connect_timeout connection_limit dbname gssencmode host hostaddr keepalives krbsrvname passfile password pool_timeout port ' +
    'requirepeer schema search_path service socket_timeout ssl sslaccept sslcert sslcompression sslkey sslpassword sslrootcert ' +
    'statement_timeout target_session_attrs uselibpqcompat user'
  ).split(' '),
)

function sslMode(mode: string): ClientConfig['ssl'] {
  if (mode === 'disable') return false
  if (mode === 'require' || mode === 'verify-ca' || mode === 'verify-full') return true
  if (mode === 'no-verify') return { rejectUnauthorized: false }
  throw new UsageError('sslmode of the database URL must be disable, require, verify-ca, verify-full or no-verify', {
    hint: 'require checks the certificate as verify-full does; allow and prefer would fall back to plain text unseen.',
  })
}
