import type { ContainerIssue } from './errors.ts'
import { SCOPED, SINGLETON } from './lifetime.ts'
import type { Registration } from './registration.ts'
import type { Token } from './token.ts'

export interface ValidationOptions {
  /** False where a socket dies with the request that opened it. */
  readonly socketsOutliveRequests: boolean
}

/** Everything wrong with a set of registrations, each with its resolution path. */
export function validate(
  registrations: Iterable<Registration>,
  lookup: (token: Token<unknown>) => Registration | undefined,
  options: ValidationOptions,
): ContainerIssue[] {
  const issues: ContainerIssue[] = []
  const done = new Set<Registration>()
  const path: Registration[] = []

  const add = (kind: ContainerIssue['kind'], names: readonly string[], message: string): void => {
    issues.push({ kind, path: names, message: `${message} (${names.join(' → ')})` })
  }

  const visit = (entry: Registration): void => {
    const start = path.indexOf(entry)
    if (start >= 0) add('cycle', [...path.slice(start), entry].map(nameOf), `${nameOf(entry)} depends on itself`)
    if (start >= 0 || done.has(entry)) return
    path.push(entry)
    for (const token of entry.dependencyTokens) {
      const dependency = lookup(token)
      if (dependency !== undefined) visit(dependency)
      else add('missing', [...path.map(nameOf), token.name], `nothing is registered for ${token.name}`)
    }
    path.pop()
    done.add(entry)
  }

  const all = new Set(registrations)
  for (const entry of all) visit(entry)
  for (const entry of all) {
    if (entry.lifetime !== SINGLETON) continue
    const captive = pathToScoped(entry, lookup, new Set())
    if (captive !== undefined) {
      const names = captive.map(nameOf)
      add('captive', names, `the singleton ${names[0]} would keep the scoped ${names.at(-1)} beyond its scope`)
    }
    if (entry.io === 'socket' && !options.socketsOutliveRequests) {
      add(
        'socket',
        [nameOf(entry)],
        `${nameOf(entry)} holds a socket, which dies with its request here: make it scoped`,
      )
    }
  }
  return issues
}

/** From a singleton to a scoped registration that it would hold, through transients if need be. */
function pathToScoped(
  entry: Registration,
  lookup: (token: Token<unknown>) => Registration | undefined,
  seen: Set<Registration>,
): Registration[] | undefined {
  for (const token of entry.dependencyTokens) {
    const dependency = lookup(token)
    if (dependency === undefined || dependency.lifetime === SINGLETON || seen.has(dependency)) continue
    if (dependency.lifetime === SCOPED) return [entry, dependency]
    seen.add(dependency)
    const rest = pathToScoped(dependency, lookup, seen)
    if (rest !== undefined) return [entry, ...rest]
  }
  return undefined
}

function nameOf(entry: Registration): string {
  return entry.token.name
}
