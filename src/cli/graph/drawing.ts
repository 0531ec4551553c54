import type { Container } from '../../container/container.ts'
import { targetsOf } from '../../container/graph.ts'
import type { Registration } from '../../container/resolution/entry.ts'
import { lifetimeName, type Io, type Lifetime } from '../../core/lifetime.ts'
import type { Token } from '../../core/token.ts'

/** The registrations of a container as boxes and lines. */
export interface Drawing {
  readonly title: string
  readonly nodes: readonly DrawnNode[]
  readonly edges: readonly DrawnEdge[]
}

/** By ids: `from` needs `to`, or is another token for it. */
export interface DrawnEdge {
  readonly from: string
  readonly to: string
  readonly alias: boolean
}

export interface DrawnNode {
  /** Names may be the same for two tokens; ids are not. */
  readonly id: string
  readonly name: string
  readonly lifetime: Lifetime
  readonly io: Io
  /** Whether it is another token for a registration. */
  readonly alias: boolean
  /** Who registered it: `provider sql`, or `application`. */
  readonly by: string
}

/** @param container Sealed: what a token leads to is known then */
export function drawingOf(title: string, container: Pick<Container, 'registrations' | 'aliases'>): Drawing {
  const entries = [...container.registrations()]
  const aliases = [...container.aliases()]
  const ids = new Map([...entries, ...aliases].map(({ token }, index) => [token, `n${index}`]))
  const idOf = (token: Token<unknown>) => ids.get(token) ?? ''
  const targetOf = targetsOf(entries, aliases)
  const nodeOf = (token: Token<unknown>, { lifetime, io }: Registration) => {
    return { id: idOf(token), name: token.name, lifetime: lifetimeName(lifetime), io }
  }
  return {
    title,
    nodes: [
      ...entries.map((entry) => ({
        ...nodeOf(entry.token, entry),
        alias: false,
        by: entry.registrant ?? 'application',
      })),
      // Sealed, so that each leads somewhere.
      ...aliases.map(({ token, registrant }) => ({
        ...nodeOf(token, targetOf(token)!),
        alias: true,
        by: registrant ?? 'application',
      })),
    ],
    edges: [
      ...entries.flatMap(({ token, dependencyTokens }) =>
        [...new Set(dependencyTokens)].map((needed) => ({ from: idOf(token), to: idOf(needed), alias: false })),
      ),
      ...aliases.map(({ token, target }) => ({ from: idOf(token), to: idOf(target), alias: true })),
    ],
  }
}

/** The nodes by who registered them, in the order of registration. */
export function byRegistrant({ nodes }: Drawing): ReadonlyMap<string, readonly DrawnNode[]> {
  return Map.groupBy(nodes, ({ by }) => by)
}
