import type { Container } from '../../container/container.ts'
import { lifetimeName, type Io, type Lifetime } from '../../core/lifetime.ts'

/** The registrations of a container as boxes and lines. */
export interface Drawing {
  readonly title: string
  readonly nodes: readonly DrawnNode[]
  /** By ids: `from` needs `to`. */
  readonly edges: readonly { readonly from: string; readonly to: string }[]
}

export interface DrawnNode {
  /** Names may be the same for two tokens; ids are not. */
  readonly id: string
  readonly name: string
  readonly lifetime: Lifetime
  readonly io: Io
  /** Who registered it: `provider sql`, or `application`. */
  readonly by: string
}

/** @param container Sealed: what a token leads to is known then */
export function drawingOf(title: string, container: Pick<Container, 'registrations'>): Drawing {
  const entries = [...container.registrations()]
  const ids = new Map(entries.map((entry, index) => [entry, `n${index}`]))
  const idOf = (entry: (typeof entries)[number]) => ids.get(entry) ?? ''
  return {
    title,
    nodes: entries.map((entry) => ({
      id: idOf(entry),
      name: entry.token.name,
      lifetime: lifetimeName(entry.lifetime),
      io: entry.io,
      by: entry.registrant ?? 'application',
    })),
    edges: entries.flatMap((entry) =>
      [...new Set(entry.dependencies)].map((needed) => ({ from: idOf(entry), to: idOf(needed) })),
    ),
  }
}

/** The nodes by who registered them, in the order of registration. */
export function byRegistrant({ nodes }: Drawing): ReadonlyMap<string, readonly DrawnNode[]> {
  return Map.groupBy(nodes, ({ by }) => by)
}
