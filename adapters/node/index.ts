/**
 * Node: one application on Node's HTTP server, for containers and local work.
 *
 * @module
 */

export { serve, type NodeServer, type ServeOptions } from './serve.ts'
