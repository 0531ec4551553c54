import type { ContainerIssue } from '../errors.ts'
import { SCOPED, SINGLETON, TRANSIENT } from '../../core/lifetime.ts'
import { namedSiblings } from './named-siblings.ts'
import type { Registration } from './entry.ts'
import type { Token } from '../../core/token.ts'

export interface LinkOptions {
  /** False where a socket dies with the request that opened it. */
  readonly socketsOutliveRequests: boolean
}

/**
 * Connects registrations with their dependencies, and finds every problem with its resolution path. It is one walk over
 * the graph, because a cold start pays for it.
 */
export function link(
  byToken: ReadonlyMap<Token<unknown>, Registration>,
  issues: ContainerIssue[],
  options: LinkOptions,
): void {
  const done = new Set<Registration>()
  const path: Registration[] = []

  const visit = (entry: Registration): void => {
    if (done.has(entry)) return
    const start = path.indexOf(entry)
    if (start >= 0) {
      issues.push(issueOf('cycle', [...path.slice(start), entry], 'it depends on itself'))
      return
    }
    path.push(entry)
    const dependencies: Registration[] = []
    entry.awaits = entry.asynchronous
    for (const token of entry.dependencyTokens) {
      const dependency = byToken.get(token)
      if (dependency === undefined) {
        const listed = namedSiblings(token.name, byToken.keys())
        issues.push(issueOf('missing', [...path, { token }], `nothing is registered for ${token.name}${listed}`))
        continue
      }
      visit(dependency)
      dependencies.push(dependency)
      if (dependency.awaits) entry.awaits = true
      if (needsScope(dependency)) {
        if (entry.lifetime === TRANSIENT) entry.scopedDependency ??= dependency
        if (entry.lifetime === SINGLETON) {
          issues.push(
            issueOf('captive', [entry, ...scopedPath(dependency)], 'a singleton would keep a scoped instance'),
          )
        }
      }
    }
    entry.dependencies = dependencies
    path.pop()
    done.add(entry)
    if (entry.io === 'socket' && entry.lifetime === SINGLETON && !options.socketsOutliveRequests) {
      issues.push(issueOf('socket', [entry], 'a socket dies with its request here: make it scoped'))
    }
  }
  for (const entry of byToken.values()) visit(entry)
}

/** Works out anew what has to be awaited, after a factory has turned out to be async or was replaced. */
export function relink(registrations: Iterable<Registration>): void {
  const done = new Set<Registration>()
  const visit = (entry: Registration): boolean => {
    if (done.has(entry)) return entry.awaits
    done.add(entry)
    entry.plan = undefined
    // Its arguments may have other places now.
    entry.argumentCount = -1
    entry.awaits = entry.asynchronous
    for (const dependency of entry.dependencies) if (visit(dependency)) entry.awaits = true
    return entry.awaits
  }
  for (const entry of registrations) visit(entry)
}

/** Whether making it needs a scope. */
export function needsScope(entry: Registration): boolean {
  return entry.lifetime === SCOPED || entry.scopedDependency !== undefined
}

function scopedPath(entry: Registration): Registration[] {
  return entry.scopedDependency === undefined ? [entry] : [entry, ...scopedPath(entry.scopedDependency)]
}

/** The registrations by token with every alias replaced by what it leads to. */
export function followAliases(
  registrations: ReadonlyMap<Token<unknown>, Registration>,
  issues: ContainerIssue[],
): Map<Token<unknown>, Registration> {
  const followed = new Map<Token<unknown>, Registration>()
  for (const [token, entry] of registrations) {
    const path = [{ token }]
    let found: Registration | undefined = entry
    while (found?.aliasOf !== undefined) {
      const target: Token<unknown> = found.aliasOf
      const again = path.some((step) => step.token === target)
      path.push({ token: target })
      if (again) break
      found = registrations.get(target)
    }
    if (found === undefined)
      // The path begins with its token.
      issues.push(issueOf('missing', path, `nothing is registered for ${path.at(-1)!.token.name}`))
    else if (found.aliasOf === undefined) followed.set(token, found)
    else issues.push(issueOf('cycle', path, 'aliases lead back to each other'))
  }
  return followed
}

function issueOf(
  kind: ContainerIssue['kind'],
  entries: readonly { readonly token: Token<unknown> }[],
  message: string,
): ContainerIssue {
  const path = entries.map((entry) => entry.token.name)
  return { kind, path, message: `${message} (${path.join(' → ')})` }
}
