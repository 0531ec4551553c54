import { UsageError } from '../../core/errors.ts'
import { inspectorVariable } from '../wire.ts'

/** This machine's own addresses: traces of development go nowhere else. */
const loopback = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Where the inspector is, by the environment; undefined where it is not asked for.
 *
 * @throws UsageError for anything but an address of this machine
 */
export function targetOf(env: object): URL | undefined {
  const given: unknown = Reflect.get(env, inspectorVariable)
  if (given === undefined || given === '') return undefined
  const url = typeof given === 'string' ? URL.parse(given) : null
  if (url?.protocol === 'http:' && loopback.has(url.hostname) && url.username === '' && url.password === '') return url
  throw new UsageError(`${inspectorVariable} must be an http address of this machine`, {
    hint: `Set it to what the inspector prints: ${inspectorVariable}=http://127.0.0.1:4400`,
  })
}
