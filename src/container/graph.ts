import type { Container } from './container.ts'
import { lifetimeName, type Io, type Lifetime } from '../core/lifetime.ts'

/** The registrations of a container as plain data, for drawing. */
export interface Graph {
  readonly nodes: readonly {
    readonly name: string
    readonly lifetime: Lifetime
    readonly io: Io
    readonly async: boolean
  }[]
  /** `from` depends on `to`. */
  readonly edges: readonly { readonly from: string; readonly to: string }[]
}

/**
 * Describes a container's registrations; nothing is made. Order is that of registration.
 *
 * @example
 * import { graph } from 'lexigram-edge'
 *
 * const lines = graph(container).edges.map((edge) => `"${edge.from}" -> "${edge.to}"`)
 */
export function graph(container: Pick<Container, 'registrations'>): Graph {
  const entries = [...container.registrations()]
  return {
    nodes: entries.map((entry) => ({
      name: entry.token.name,
      lifetime: lifetimeName(entry.lifetime),
      io: entry.io,
      async: entry.asynchronous,
    })),
    edges: entries.flatMap((entry) =>
      entry.dependencyTokens.map((dependency) => ({ from: entry.token.name, to: dependency.name })),
    ),
  }
}
