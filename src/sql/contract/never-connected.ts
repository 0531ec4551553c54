/** Of Node's sockets, its resolver, its TLS and its fetch: each comes before the first byte of a request. */
const codes =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/

/**
 * Whether a network error says that no connection was ever made, so that nothing was sent. Errors that wrap others are
 * looked into; of several attempts all have to say so.
 */
export function neverConnected(thrown: unknown, depth = 0): boolean {
  if (typeof thrown !== 'object' || thrown === null || depth > 5) return false
  const { code, syscall, cause, errors } = thrown as {
    readonly [key in 'code' | 'syscall' | 'cause' | 'errors']?: unknown
  }
  if (Array.isArray(errors) && errors.length > 0) return errors.every((error) => neverConnected(error, depth + 1))
  if (typeof code === 'string' && codes.test(code)) return true
  return (syscall === 'connect' && code !== undefined) || neverConnected(cause, depth + 1)
}
