/**
 * Cloudflare's own spans. In workerd only.
 *
 * @module
 */

export { cloudflareTracer } from './cloudflare-tracer.ts'
