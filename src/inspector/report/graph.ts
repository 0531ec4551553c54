import type { Container } from '../../container/container.ts'
import { targetsOf } from '../../container/graph.ts'
import type { Registration } from '../../container/resolution/entry.ts'
import { ScopeNode } from '../../container/scope.ts'
import { lifetimeName } from '../../core/lifetime.ts'
import type { GraphNode } from '../wire.ts'

/** What tokens are called on the page. Two tokens may have one name, and are two there as well. */
export type NameOf = (token: Named) => string

interface Named {
  readonly name: string
}

type Drawn = Pick<Container, 'registrations' | 'aliases'>

export function namesIn(container: Drawn): NameOf {
  const names = new Map<Named, string>()
  const counts = new Map<string, number>()
  for (const { token } of [...container.registrations(), ...container.aliases()]) {
    const count = (counts.get(token.name) ?? 0) + 1
    counts.set(token.name, count)
    names.set(token, count === 1 ? token.name : `${token.name} (${count})`)
  }
  return (token) => names.get(token) ?? token.name
}

/** The registrations in their order, then the aliases. @param container Sealed: what a token leads to is known then */
export function graphOf(container: Drawn, nameOf: NameOf): readonly GraphNode[] {
  const entries = [...container.registrations()]
  const aliases = [...container.aliases()]
  const targetOf = targetsOf(entries, aliases)
  return [
    ...entries.map((entry) => ({
      ...nodeOf(entry, entry.registrant),
      name: nameOf(entry.token),
      needs: [...new Set(entry.dependencyTokens.map(nameOf))],
    })),
    ...aliases.flatMap(({ token, target, registrant }) => {
      const entry = targetOf(token)
      if (entry === undefined) return []
      return [{ ...nodeOf(entry, registrant), name: nameOf(token), needs: [], aliasOf: nameOf(target) }]
    }),
  ]
}

function nodeOf({ lifetime, io, asynchronous }: Registration, registrant: string | undefined) {
  const by = registrant?.replace(/^provider /, '') ?? ''
  return { lifetime: lifetimeName(lifetime), io, async: asynchronous, by }
}

/** What has been made so far, by each of its tokens. A registration has a place only from its first use on. */
export function usedIn(container: Drawn, nameOf: NameOf): readonly string[] {
  const entries = [...container.registrations()]
  const aliases = [...container.aliases()]
  const targetOf = targetsOf(entries, aliases)
  return [...entries, ...aliases]
    .filter(({ token }) => (targetOf(token)?.slot ?? 0) > 0)
    .map(({ token }) => nameOf(token))
}

/** The singletons that the container has to release, newest first. */
export function heldBy(container: Pick<Container, 'scope'>, nameOf: NameOf): readonly string[] {
  const scope = container.scope()
  if (!(scope instanceof ScopeNode)) return []
  const names: string[] = []
  for (let made = scope.root.made; made !== undefined; made = made.before) names.push(nameOf(made.owner.token))
  return names
}
