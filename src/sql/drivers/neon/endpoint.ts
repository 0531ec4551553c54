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
