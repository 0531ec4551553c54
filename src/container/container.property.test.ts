import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createContainer, type Container } from './container.ts'
import { factory } from './registration.ts'
import type { Scope } from './resolver.ts'
import { token, type TypedToken } from '../core/token.ts'

interface Node {
  readonly lifetime: 'singleton' | 'scoped' | 'transient'
  readonly kind: 'sync' | 'async' | 'promise'
  readonly dependencies: readonly number[]
  readonly aliased: boolean
}
/** What every factory of these tests makes: who it is, in order of creation, and what it was given. */
interface Made {
  readonly node: number
  readonly serial: number
  readonly dependencies: readonly Made[]
}

/** Random acyclic graphs in which no singleton reaches a scoped registration. */
const graphs = fc
  .array(
    fc.record({
      lifetime: fc.constantFrom('singleton', 'scoped', 'transient'),
      kind: fc.constantFrom('sync', 'sync', 'async', 'promise'),
      picks: fc.array(fc.nat(), { maxLength: 5 }),
      aliased: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((raw) => {
    const nodes: Node[] = []
    const needsScope: boolean[] = []
    raw.forEach(({ lifetime, kind, picks, aliased }, i) => {
      const allowed = nodes.map((_, j) => j).filter((j) => lifetime !== 'singleton' || !needsScope[j])
      const dependencies = allowed.length === 0 ? [] : picks.map((pick) => allowed[pick % allowed.length]!)
      nodes.push({ lifetime, kind, dependencies, aliased })
      needsScope[i] = lifetime === 'scoped' || (lifetime === 'transient' && dependencies.some((j) => needsScope[j]))
    })
    return nodes
  })

interface World {
  readonly container: Container
  readonly tokens: readonly TypedToken<Made>[]
  readonly created: Made[]
  readonly disposed: Made[]
}

function build(nodes: readonly Node[], pause: () => Promise<void> = () => Promise.resolve()): World {
  const tokens = nodes.map((_, i) => token<Made>(`n${i}`))
  const aliases = nodes.map((_, i) => token<Made>(`alias of n${i}`))
  const created: Made[] = []
  const disposed: Made[] = []
  const container = createContainer()
  nodes.forEach(({ lifetime, kind, dependencies, aliased }, i) => {
    const make = (...given: Made[]): Made => {
      const made = { node: i, serial: created.length, dependencies: given }
      created.push(made)
      return made
    }
    const create: (...given: Made[]) => unknown =
      kind === 'sync'
        ? make
        : kind === 'promise'
          ? (...given) => pause().then(() => make(...given))
          : async (...given) => {
              await pause()
              return make(...given)
            }
    const wanted = dependencies.map((j) => (nodes[j]!.aliased ? aliases[j]! : tokens[j]!))
    const dispose = (made: Made) => void disposed.push(made)
    container[lifetime](tokens[i]!, factory(wanted, create as (...given: Made[]) => Made, { dispose }))
    if (aliased) container.alias(aliases[i]!, tokens[i]!)
  })
  return { container: container.seal(), tokens, created, disposed }
}

/** The simplest container there can be: a map for the application, a map for each scope, recursion. */
function reference(nodes: readonly Node[]) {
  const shared = new Map<number, Made>()
  const created: Made[] = []
  const make = (i: number, own: Map<number, Made>): Made => {
    const { lifetime, dependencies } = nodes[i]!
    const place = lifetime === 'singleton' ? shared : lifetime === 'scoped' ? own : undefined
    const present = place?.get(i)
    if (present !== undefined) return present
    const given = dependencies.map((j) => make(j, own))
    const made = { node: i, serial: created.length, dependencies: given }
    created.push(made)
    place?.set(i, made)
    return made
  }
  return {
    created,
    scope: () => {
      const own = new Map<number, Made>()
      return (i: number) => make(i, own)
    },
  }
}

/** The same shape with identities renamed by first appearance, so that creation order does not matter. */
function shapeOf(all: readonly Made[]): unknown {
  const names = new Map<Made, number>()
  const shape = (made: Made): unknown => {
    const known = names.get(made)
    if (known !== undefined) return known
    names.set(made, names.size)
    return [made.node, ...made.dependencies.map(shape)]
  }
  return all.map(shape)
}

const requests = fc.array(fc.record({ scope: fc.nat({ max: 2 }), node: fc.nat(), sync: fc.boolean() }), {
  maxLength: 12,
})

describe('any graph', () => {
  it('resolves like the simplest container', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, requests, async (nodes, wanted) => {
        const { container, tokens } = build(nodes)
        const naive = reference(nodes)
        const scopes = [0, 1, 2].map(() => container.scope())
        const expected = [0, 1, 2].map(() => naive.scope())
        const got: Made[] = []
        const want: Made[] = []
        for (const { scope, node, sync } of wanted) {
          const i = node % nodes.length
          got.push(await take(scopes[scope]!, tokens[i]!, sync))
          want.push(expected[scope]!(i))
        }
        expect(shapeOf(got)).toEqual(shapeOf(want))
      }),
    )
  })

  it('is released in reverse order of creation, each instance once, by the scope that made it', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, requests, async (nodes, wanted) => {
        const { container, tokens, created, disposed } = build(nodes)
        const scopes = [0, 1, 2].map(() => container.scope())
        for (const { scope, node, sync } of wanted) await take(scopes[scope]!, tokens[node % nodes.length]!, sync)
        for (const scope of [...scopes, container]) {
          const before = disposed.length
          await scope.dispose()
          const released = disposed.slice(before)
          if (nodes.every(({ kind }) => kind === 'sync')) {
            expect(released).toEqual(released.toSorted((a, b) => b.serial - a.serial))
          }
          // An instance counts as made when its promise is received, which says nothing about unrelated ones.
          for (const made of released) {
            const later = released.slice(released.indexOf(made))
            expect(made.dependencies.filter((d) => released.includes(d) && !later.includes(d))).toEqual([])
          }
        }
        expect(disposed.toSorted((a, b) => a.serial - b.serial)).toEqual(created)
      }),
    )
  })

  it('keeps scopes apart however their work interleaves', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, requests, fc.scheduler(), async (nodes, wanted, scheduler) => {
        const { container, tokens, created, disposed } = build(nodes, () => scheduler.schedule(Promise.resolve()))
        const scopes = [0, 1, 2].map(() => container.scope())
        const work = wanted.map(({ scope, node }) => {
          const i = node % nodes.length
          return scopes[scope]!.resolve(tokens[i]!).then((made) => ({ scope, made }))
        })
        const outcome = Promise.all(work)
        await scheduler.waitFor(outcome)
        const owners = new Map<Made, number>()
        const scopedIn = new Map<string, Made>()
        const visit = (made: Made, scope: number): void => {
          const { lifetime } = nodes[made.node]!
          const key = lifetime === 'singleton' ? `${made.node}` : `${made.node} in ${scope}`
          if (lifetime !== 'transient') {
            expect(scopedIn.get(key) ?? made).toBe(made)
            scopedIn.set(key, made)
          }
          if (lifetime !== 'singleton') {
            // Beneath a singleton there are only singletons and transients of its own.
            expect(owners.get(made) ?? scope).toBe(scope)
            owners.set(made, scope)
            for (const dependency of made.dependencies) visit(dependency, scope)
          }
        }
        for (const { scope, made } of await outcome) visit(made, scope)
        await Promise.all(scopes.map(async (scope) => scope.dispose()))
        await container.dispose()
        expect(disposed).toHaveLength(created.length)
      }),
    )
  })
})

async function take(scope: Scope, wanted: TypedToken<Made>, sync: boolean): Promise<Made> {
  if (!sync) return scope.resolve(wanted)
  try {
    return scope.get(wanted)
  } catch {
    // Something beneath it is async, which `get` refuses.
    return scope.resolve(wanted)
  }
}
