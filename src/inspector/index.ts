/**
 * The inspector's side of an application: one line in development.
 *
 * @module
 */

export { inspect } from './inspect.ts'
