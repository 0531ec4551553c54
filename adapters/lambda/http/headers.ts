/** What the connection to the client is about is the gateway's: with `transfer-encoding` some refuse the whole answer. */
const connectionHeaders: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade'])

export interface ResponseHeaders {
  /** All but cookies, and but what only concerns a connection. */
  readonly single: Record<string, string>
  readonly cookies: readonly string[]
}

export function headersOf({ headers }: Response): ResponseHeaders {
  const single: Record<string, string> = {}
  for (const [name, value] of headers) {
    if (name !== 'set-cookie' && !connectionHeaders.has(name)) single[name] = value
  }
  return { single, cookies: headers.getSetCookie() }
}
