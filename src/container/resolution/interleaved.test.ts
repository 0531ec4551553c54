import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createContainer } from '../container.ts'
import { factory } from '../registration.ts'
import type { Scope } from '../resolver.ts'
import { token } from '../../core/token.ts'

interface Made {
  readonly id: number
}
const One = token<Made>('One')
const Two = token<Made>('Two')
const Both = token<readonly Made[]>('Both')

/** Makes numbered instances, and notes which are released. */
function numbered() {
  const released: unknown[] = []
  let last = 0
  const make = (): Made => ({ id: ++last })
  const dispose = (made: unknown): void => void released.push(made)
  return { make, released, dispose, made: () => last }
}

const both = factory([One, Two], (one, two) => [one, two])

describe('a factory that turns out to be async beneath something async', () => {
  it('makes one instance for all that want it at that moment', async () => {
    const { make, made } = numbered()
    const scope = createContainer()
      .scoped(
        One,
        factory([], () => Promise.resolve(make())),
      )
      .scoped(
        Two,
        factory([], async () => ({ id: 0 })),
      )
      .scoped(Both, both)
      .seal()
      .scope()
    const [[one], same] = await Promise.all([scope.resolve(Both), scope.resolve(One)])
    expect([made(), one]).toEqual([1, same])
  })

  it('is released although an instance of what wanted it was provided meanwhile', async () => {
    const { make, released, dispose } = numbered()
    const container = createContainer()
      .singleton(
        One,
        factory([], () => Promise.resolve(make()), { dispose }),
      )
      .transient(
        Two,
        factory([One], async ({ id }) => ({ id })),
      )
      .scoped(
        Both,
        factory([Two], (two): readonly Made[] => [two], { dispose }),
      )
      .seal()
    const scope = container.scope()
    const wanted = scope.resolve(Both)
    scope.provide(Both, [])
    expect(await wanted).toEqual([])
    await scope.dispose()
    await container.dispose()
    expect(released).toEqual([{ id: 1 }])
  })
})

it('a scope that ended while another made the singleton makes nothing of it', async () => {
  const { make, released, dispose } = numbered()
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const opened = gates.values()
  let calls = 0
  const container = createContainer({ sharesPending: false })
    .scoped(One, factory([], make, { dispose }))
    .singleton(
      Two,
      factory([], async () => {
        await opened.next().value?.promise
        return make()
      }),
    )
    .scoped(
      Both,
      factory([One, Two], (...given): readonly Made[] => {
        calls++
        return given
      }),
    )
    .seal()
  const [slow, fast] = [container.scope(), container.scope()]
  const late = slow.resolve(Both)
  const first = fast.resolve(Two)
  gates[1]!.resolve()
  await first
  const ending = slow.dispose()
  gates[0]!.resolve()
  await expect(late).rejects.toMatchObject({ code: 'LEX_ERR_DI_011' })
  await ending
  expect(calls).toBe(0)
  expect(released).toContainEqual({ id: 1 })
})

const steps = fc.array(
  fc.record({
    does: fc.constantFrom('resolve', 'resolve', 'resolve', 'get', 'child', 'provide', 'end', 'turn'),
    scope: fc.nat(),
    node: fc.nat(),
  }),
  { maxLength: 14 },
)
const graphs = fc.array(
  fc.record({
    lifetime: fc.constantFrom('singleton', 'scoped', 'scoped', 'transient'),
    kind: fc.constantFrom('sync', 'async', 'promise'),
    picks: fc.array(fc.nat(), { maxLength: 4 }),
    failures: fc.nat({ max: 1 }),
  }),
  { minLength: 1, maxLength: 7 },
)

describe('instances of any graph whose factories fail, in scopes that end at any time', () => {
  it.each([true, false])('are released once, after their last use (sharesPending: %s)', async (sharesPending) => {
    await fc.assert(
      fc.asyncProperty(graphs, steps, async (graph, program) => {
        const made: object[] = []
        const released: object[] = []
        const usedLate: object[] = []
        const tokens = graph.map((_, i) => token<object>(`n${i}`))
        const needsScope: boolean[] = []
        const container = createContainer({ sharesPending })
        for (const [i, { lifetime, kind, picks, failures }] of graph.entries()) {
          const allowed = needsScope.flatMap((needs, j) => (lifetime === 'singleton' && needs ? [] : [j]))
          const dependencies = allowed.length === 0 ? [] : picks.map((pick) => allowed[pick % allowed.length]!)
          needsScope[i] = lifetime === 'scoped' || dependencies.some((j) => needsScope[j])
          let left = failures
          const make = (...given: object[]): object => {
            usedLate.push(...given.filter((one) => released.includes(one)))
            if (left-- > 0) throw new Error('meant')
            const instance = { i }
            made.push(instance)
            return instance
          }
          const later = async (...given: object[]): Promise<object> => {
            await Promise.resolve()
            return make(...given)
          }
          const create = { sync: make, promise: (...given: object[]) => later(...given), async: later }[kind]
          const options = { dispose: (one: object) => void released.push(one) }
          const source = factory(
            dependencies.map((j) => tokens[j]!),
            create,
            options,
          )
          container[lifetime](tokens[i]!, source)
        }
        container.seal()
        const scopes: Scope[] = [container.scope()]
        const work: unknown[] = []
        const attempt = async (act: () => unknown): Promise<void> => {
          try {
            await act()
          } catch {
            // It failed on purpose, or its scope has ended.
          }
        }
        for (const { does, scope: at, node } of program) {
          const scope = scopes[at % scopes.length]!
          const wanted = tokens[node % tokens.length]!
          if (does === 'turn') await Promise.resolve()
          if (does === 'resolve') work.push(attempt(() => scope.resolve(wanted)))
          if (does === 'get') work.push(attempt(() => scope.get(wanted)))
          if (does === 'provide') work.push(attempt(() => scope.provide(wanted, {})))
          if (does === 'child') work.push(attempt(() => scopes.push(scope.scope())))
          if (does === 'end') work.push(attempt(() => scope.dispose()))
        }
        await Promise.all(work)
        for (const scope of scopes) await scope.dispose()
        await container.dispose()
        expect(usedLate).toEqual([])
        expect(new Set(released)).toEqual(new Set(made))
        expect(released).toHaveLength(made.length)
      }),
      { numRuns: 150 },
    )
  })
})
