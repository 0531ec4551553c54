import type { Container } from '../../container/container.ts'
import { ScopeNode } from '../../container/scope.ts'
import { lifetimeName } from '../../core/lifetime.ts'
import type { GraphNode } from '../wire.ts'

/** The registrations, in their order. */
export function graphOf(container: Pick<Container, 'registrations'>): readonly GraphNode[] {
  return Array.from(container.registrations(), (entry) => ({
    name: entry.token.name,
    lifetime: lifetimeName(entry.lifetime),
    io: entry.io,
    async: entry.asynchronous,
    by: entry.registrant?.replace(/^provider /, '') ?? '',
    // Where an alias leads, not the alias.
    needs: entry.dependencies.map(({ token }) => token.name),
  }))
}

/** What has been made so far. A registration has a place only from its first use on. */
export function usedIn(container: Pick<Container, 'registrations'>): readonly string[] {
  return Array.from(container.registrations())
    .filter(({ slot }) => slot > 0)
    .map(({ token }) => token.name)
}

/** The singletons that the container has to release, newest first. */
export function heldBy(container: Pick<Container, 'scope'>): readonly string[] {
  const scope = container.scope()
  if (!(scope instanceof ScopeNode)) return []
  const names: string[] = []
  for (let made = scope.root.made; made !== undefined; made = made.before) names.push(made.owner.token.name)
  return names
}
