import type { Container } from '../../container/container.ts'
import { targetsOf } from '../../container/graph.ts'
import type { Registration } from '../../container/resolution/entry.ts'
import { ScopeNode } from '../../container/scope.ts'
import { lifetimeName } from '../../core/lifetime.ts'
import type { GraphNode } from '../wire.ts'

interface Named {
  readonly name: string
}

/** A sealed container as the page draws it. */
export interface Drawing {
  /** The registrations in their order, then the aliases. */
  readonly nodes: readonly GraphNode[]
  /** What has been made so far, by each of its tokens. */
  used(): readonly string[]
  /** The singletons that the container has to release, newest first. */
  held(): readonly string[]
}

export function drawingOf(container: Pick<Container, 'registrations' | 'aliases' | 'scope'>): Drawing {
  const entries = [...container.registrations()]
  const aliases = [...container.aliases()]
  const tokens = [...entries, ...aliases].map(({ token }) => token)
  const targetOf = targetsOf(entries, aliases)
  const nameOf = namesOf(tokens)
  return {
    nodes: [
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
    ],
    // A registration has a place only from its first use on.
    used: () => tokens.filter((token) => (targetOf(token)?.place ?? 0) > 0).map(nameOf),
    held() {
      const scope = container.scope()
      if (!(scope instanceof ScopeNode)) return []
      const names: string[] = []
      for (let made = scope.root.made; made !== undefined; made = made.before) names.push(nameOf(made.owner.token))
      return names
    },
  }
}

/** What tokens are called on the page. Two tokens may have one name, and are two there as well. */
function namesOf(tokens: readonly Named[]): (token: Named) => string {
  const names = new Map<Named, string>()
  const counts = new Map<string, number>()
  for (const token of tokens) {
    const count = (counts.get(token.name) ?? 0) + 1
    counts.set(token.name, count)
    names.set(token, count === 1 ? token.name : `${token.name} (${count})`)
  }
  return (token) => names.get(token) ?? token.name
}

function nodeOf({ lifetime, io, asynchronous }: Registration, registrant: string | undefined) {
  const by = registrant?.replace(/^provider /, '') ?? ''
  return { lifetime: lifetimeName(lifetime), io, async: asynchronous, by }
}
