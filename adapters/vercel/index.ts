/**
 * Vercel: one application as a function on Node with Fluid compute, or on the edge runtime.
 *
 * @module
 */

export { vercel, type VercelHandler, type VercelOptions } from './handler.ts'
