import { UsageError } from '../core/errors.ts'
import { kindOf } from '../core/plain-object.ts'
import type { Alias, Container } from './container.ts'
import { lifetimeName, type Io, type Lifetime } from '../core/lifetime.ts'
import type { Token } from '../core/token.ts'
import type { Registration } from './resolution/entry.ts'

/** The registrations of a container as plain data, for drawing. */
export interface Graph {
  readonly nodes: readonly {
    readonly name: string
    readonly lifetime: Lifetime
    readonly io: Io
    readonly async: boolean
    /** Set for a second token of a registration: the rest is that of the registration. */
    readonly alias?: true
  }[]
  readonly edges: readonly {
    /** What depends on `to`, or is another token for it. */
    readonly from: string
    readonly to: string
    /** Set where `from` is another token for `to`. */
    readonly alias?: true
  }[]
}

/**
 * Describes a container's registrations without creating an instance, in the order of registration, aliases last.
 *
 * @example
 * import { graph } from 'lexigram-edge'
 *
 * const lines = graph(container).edges.map((edge) => `"${edge.from}" -> "${edge.to}"`)
 */
export function graph(container: Pick<Container, 'registrations' | 'aliases'>): Graph {
  const given: Partial<typeof container> | null | undefined = container
  if (typeof given?.registrations !== 'function' || typeof given.aliases !== 'function')
    throw new UsageError(`what is drawn must be a container, not ${kindOf(given)}`)
  // Before the container is sealed, aliases are among them.
  const entries = [...container.registrations()].filter(({ aliasOf }) => aliasOf === undefined)
  const aliases = [...container.aliases()]
  const targetOf = targetsOf(entries, aliases)
  return {
    nodes: [
      ...entries.map((entry) => nodeOf(entry.token, entry)),
      ...aliases.flatMap(({ token }) => {
        const target = targetOf(token)
        return target === undefined ? [] : [{ ...nodeOf(token, target), alias: true as const }]
      }),
    ],
    edges: [
      ...entries.flatMap((entry) =>
        entry.dependencyTokens.map((dependency) => ({ from: entry.token.name, to: dependency.name })),
      ),
      ...aliases.map(({ token, target }) => ({ from: token.name, to: target.name, alias: true as const })),
    ],
  }
}

function nodeOf({ name }: Token<unknown>, { lifetime, io, asynchronous }: Registration) {
  return { name, lifetime: lifetimeName(lifetime), io, async: asynchronous }
}

/** What an alias leads to in the end; undefined where nothing is registered, or aliases lead back to each other. */
export function targetsOf(
  entries: readonly Registration[],
  aliases: readonly Alias[],
): (token: Token<unknown>) => Registration | undefined {
  const byToken = new Map(entries.map((entry) => [entry.token, entry]))
  const next = new Map(aliases.map(({ token, target }) => [token, target]))
  return (token) => {
    let at: Token<unknown> | undefined = token
    for (let steps = 0; at !== undefined && steps <= next.size; steps++) {
      const found = byToken.get(at)
      if (found !== undefined) return found
      at = next.get(at)
    }
    return undefined
  }
}
