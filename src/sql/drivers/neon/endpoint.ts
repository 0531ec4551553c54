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

/**
 * Neon is asked over HTTPS and WSS, whose certificates the runtime checks; another endpoint may be plain. A login over them is
 * bound to no certificate, and needs no more.
 *
 * @throws UsageError for what the URL asks for and the endpoint does not do
 */
export function assertEncryption({ parameters }: DatabaseUrl, endpoints: NeonEndpoints | undefined): void {
  const isPlain = endpoints?.http.startsWith('http:') === true
  const obeyed: Readonly<Record<string, readonly string[]>> = isPlain
    ? { sslmode: ['disable', 'allow', 'prefer'], channel_binding: ['disable', 'prefer'] }
    : { sslmode: ['prefer', 'require', 'verify-ca', 'verify-full'], channel_binding: ['disable', 'prefer', 'require'] }
  const wrong = parameters.find(([name, value]) => obeyed[name]?.includes(value) === false)
  if (wrong === undefined) return
  throw new UsageError(`${wrong[0]} of the database URL must be ${obeyed[wrong[0]]?.join(', ')} for neon`, {
    hint: isPlain ? 'Leave it out: the endpoint is plain HTTP.' : 'Neon is always asked over TLS.',
  })
}
