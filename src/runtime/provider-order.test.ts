import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { provider, type Provider } from './provider.ts'
import { bootLevels } from './provider-order.ts'

const names = (levels: readonly (readonly Provider[])[]): string[][] => levels.map((level) => level.map((p) => p.name))

describe('bootLevels', () => {
  it('groups providers by how far they are from what they depend on', () => {
    const web = provider('web', { dependsOn: ['sql', 'mail'] })
    expect(names(bootLevels([web, provider('sql', {}), provider('mail', {})]))).toEqual([['sql', 'mail'], ['web']])
  })

  it('boots lower priority numbers first among those that are ready', () => {
    const order = bootLevels([
      provider('late', { priority: 90 }),
      provider('early', { priority: 10 }),
      provider('mid', {}),
    ])
    expect(names(order)).toEqual([['early'], ['mid'], ['late']])
  })

  it('names the provider at fault', () => {
    expect(() => bootLevels([provider('a', {}), provider('a', {})])).toThrow(
      'two providers cannot have the same name a',
    )
    expect(() => bootLevels([provider('a', {}), provider('a', {})])).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('another name') }),
    )
    expect(() => bootLevels([provider('a', { dependsOn: ['b'] })])).toThrow('a cannot depend on b: it is not listed')
    const cycle = [provider('a', { dependsOn: ['b'] }), provider('b', { dependsOn: ['a'] })]
    expect(() => bootLevels(cycle)).toThrow('depend on each other: a, b')
  })

  it('orders every acyclic graph so that each provider comes after its dependencies, once', () => {
    const graphs = fc.integer({ min: 1, max: 12 }).chain((size) =>
      fc.tuple(
        ...Array.from({ length: size }, (_, i) =>
          fc.record({
            dependsOn: fc.subarray(Array.from({ length: i }, (__, j) => `p${j}`)),
            priority: fc.integer({ min: 0, max: 3 }),
          }),
        ),
      ),
    )
    fc.assert(
      fc.property(graphs, (hooks) => {
        const providers = hooks.map((hook, i) => provider(`p${i}`, hook))
        const flat = bootLevels(providers).flat()
        expect(flat.map((p) => p.name).toSorted()).toEqual(providers.map((p) => p.name).toSorted())
        for (const p of flat) {
          for (const dependency of p.dependsOn ?? []) {
            expect(flat.findIndex((other) => other.name === dependency)).toBeLessThan(flat.indexOf(p))
          }
        }
      }),
    )
  })
})
