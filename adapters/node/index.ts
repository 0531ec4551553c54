/**
 * Node: one application behind Node's own HTTP server, for containers and local work.
 *
 * @module
 */

export { serve, type NodeServer, type ServeOptions } from './serve.ts'
