import { UsageError } from '../../../core/errors.ts'
import type { DatabaseUrl } from '../../provider/database-url.ts'

/** Where the two protocols are spoken, when it is not the place that the vendor works out from the host. */
export interface NeonEndpoints {
  readonly http: string
  /** Without a scheme, as the vendor wants it. */
  readonly webSocket: string
  readonly secureWebSocket: boolean
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\]|.*\.localhost)$/

/**
 * A loopback host cannot be Neon's: there the local endpoint answers, over plain HTTP on the port of the URL.
 * `override` names another place: `http://proxy:4444` or `http://proxy:4444/sql`.
 */
export function endpointsFor(databaseUrl: URL, override: string | undefined): NeonEndpoints | undefined {
  if (override !== undefined) return endpointsAt(new URL(override))
  if (!loopback.test(databaseUrl.hostname)) return undefined
  return endpointsAt(new URL(`http://${databaseUrl.hostname}:${databaseUrl.port || '4444'}`))
}

function endpointsAt(base: URL): NeonEndpoints {
  const path = base.pathname.replace(/\/(sql)?$/, '')
  return {
    http: `${base.origin}${path}/sql`,
    webSocket: `${base.host}${path}/v2`,
    secureWebSocket: base.protocol === 'https:',
  }
}

const encrypting = ['require', 'verify-ca', 'verify-full']

/**
 * Neon is asked over HTTPS and WSS, whose certificates the runtime checks; another endpoint may be plain. Binding a login to
 * the certificate adds nothing there, so it is obeyed where there is one.
 *
 * @throws UsageError for what the URL asks for and the endpoint does not do
 */
export function assertEncryption({ parameters }: DatabaseUrl, endpoints: NeonEndpoints | undefined): void {
  const isPlain = endpoints?.http.startsWith('http:') === true
  const given = new Map(parameters)
  const mode = given.get('sslmode') ?? 'prefer'
  const binding = given.get('channel_binding') ?? 'prefer'
  if (!['disable', 'prefer', 'require'].includes(binding)) {
    throw new UsageError('channel_binding of the database URL must be disable, prefer or require')
  }
  if (isPlain && (encrypting.includes(mode) || binding === 'require')) {
    throw new UsageError('the database URL cannot ask for TLS: its endpoint is plain HTTP', {
      hint: 'Leave out sslmode and channel_binding for a local endpoint, or pass neon({ endpoint }) with https.',
    })
  }
  const obeyed = ['prefer', ...(isPlain ? ['disable', 'allow'] : encrypting)]
  if (obeyed.includes(mode)) return
  throw new UsageError(`sslmode of the database URL must be ${obeyed.join(', ')} for neon`, {
    hint: isPlain ? 'Leave it out.' : 'Neon is always asked over TLS, and its certificate is checked.',
  })
}
