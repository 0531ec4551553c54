import type { Context } from 'hono'
import type { ConnInfo } from 'hono/conninfo'
import { executionContext, scopeOf } from './request-scope.ts'

/**
 * The client's address as the platform reports it, with every adapter. Pass it to middleware such as `ipRestriction` instead
 * of the `getConnInfo` of one of Hono's adapters. The address is absent if the platform does not report one.
 *
 * @throws UsageError `LEX_ERR_USE_001` when the app was not started through an adapter
 * @example
 * import { ipRestriction } from 'hono/ip-restriction'
 * import { getConnInfo } from 'lexigram-edge/hono'
 *
 * routes.use('/admin/*', ipRestriction(getConnInfo, { allowList: ['192.0.2.0/24'] }))
 */
export function getConnInfo(c: Context): ConnInfo {
  scopeOf(c)
  const address = executionContext(c)?.clientAddress
  if (address === undefined) return { remote: {} }
  return { remote: { address, addressType: address.includes(':') ? 'IPv6' : 'IPv4' } }
}
