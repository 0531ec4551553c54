import { UsageError } from '../../core/errors.ts'
import type { Application } from '../../runtime/application.ts'
import { loadModule } from '../load-module.ts'

/**
 * The application that a module exports, alone or under the name that is asked for.
 *
 * @throws UsageError for a module that cannot be loaded, or that exports none or several
 */
export async function loadApplication(path: string, name: string | undefined): Promise<Application> {
  const exported = await loadModule(path)
  if (name !== undefined) {
    const named = exported[name]
    if (isApplication(named)) return named
    throw new UsageError(`${path} must export an application as ${name}`, { hint: hintFor(path, exported) })
  }
  const found = new Set(Object.values(exported).filter(isApplication))
  const [application] = found
  if (application !== undefined && found.size === 1) return application
  throw new UsageError(`${path} must export ${found.size === 0 ? 'an application' : 'one application'}`, {
    hint: hintFor(path, exported),
  })
}

/** True for what `createApplication` returns, also when two copies of this package are loaded. */
export function isApplication(value: unknown): value is Application {
  if (typeof value !== 'object' || value === null) return false
  const { name, options, boot, handle } = value as Partial<Application>
  return (
    typeof name === 'string' &&
    typeof options === 'object' &&
    [boot, handle].every((each) => typeof each === 'function')
  )
}

function hintFor(path: string, exported: Readonly<Record<string, unknown>>): string {
  const names = Object.entries(exported).flatMap(([name, value]) => (isApplication(value) ? [name] : []))
  return names.length === 0
    ? `Export what createApplication returns from ${path}, beside the adapter's entry point.`
    : `Name one of them: --export ${names[0]}. The module exports ${names.join(', ')}.`
}
