import { describe, expect, it } from 'vitest'
import { createContainer, type Container, type ContainerOptions } from '../container.ts'
import { ContainerValidationError } from '../errors.ts'
import { factory } from '../registration.ts'
import { named, token } from '../../core/token.ts'

const A = token<object>('A')
const B = token<object>('B')
const C = token<object>('C')
const D = token<object>('D')
const make = () => ({})

function issuesOf(register: (container: Container) => unknown, options?: ContainerOptions) {
  const container = createContainer(options)
  register(container)
  try {
    container.seal()
  } catch (error) {
    if (error instanceof ContainerValidationError) return error.issues
    throw error
  }
  return []
}

describe('seal', () => {
  it('accepts a sound graph, whatever the order of registration', () => {
    expect(issuesOf((c) => c.scoped(A, factory([B], make)).singleton(B, factory([], make)))).toEqual([])
  })

  it('reports what is missing with the path to it, once for each dependant', () => {
    const issues = issuesOf((c) =>
      c
        .scoped(A, factory([B], make))
        .scoped(B, factory([C], make))
        .scoped(D, factory([C], make)),
    )
    expect(issues).toEqual([
      { kind: 'missing', path: ['A', 'B', 'C'], message: 'nothing is registered for C (A → B → C)' },
      { kind: 'missing', path: ['D', 'C'], message: 'nothing is registered for C (D → C)' },
    ])
  })

  it('reports a cycle by its members only', () => {
    const issues = issuesOf((c) =>
      c
        .scoped(D, factory([A], make))
        .scoped(A, factory([B], make))
        .scoped(B, factory([C], make))
        .scoped(C, factory([A], make)),
    )
    expect(issues.map(({ kind, path }) => [kind, path])).toEqual([['cycle', ['A', 'B', 'C', 'A']]])
  })

  it('reports a registration that depends on itself', () => {
    expect(issuesOf((c) => c.transient(A, factory([A], make)))[0]?.path).toEqual(['A', 'A'])
  })

  it('reports a singleton that would keep something scoped', () => {
    const issues = issuesOf((c) => c.singleton(A, factory([B], make)).scoped(B, factory([], make)))
    expect(issues.map(({ kind, path }) => [kind, path])).toEqual([['captive', ['A', 'B']]])
  })

  it('finds the scoped one behind transients', () => {
    const issues = issuesOf((c) =>
      c
        .singleton(A, factory([B], make))
        .transient(B, factory([C], make))
        .transient(C, factory([D], make))
        .scoped(D, factory([], make)),
    )
    expect(issues.map(({ kind, path }) => [kind, path])).toEqual([['captive', ['A', 'B', 'C', 'D']]])
  })

  it('allows a transient to use something scoped', () => {
    expect(issuesOf((c) => c.transient(A, factory([B], make)).scoped(B, factory([], make)))).toEqual([])
  })

  it('refuses a socket in a singleton only where sockets die with the request', () => {
    const register = (c: Container) => c.singleton(A, factory([], make, { io: 'socket' }))
    expect(issuesOf(register)).toEqual([])
    expect(issuesOf(register, { socketsOutliveRequests: false }).map(({ kind, path }) => [kind, path])).toEqual([
      ['socket', ['A']],
    ])
    expect(
      issuesOf((c) => c.scoped(A, factory([], make, { io: 'socket' })), { socketsOutliveRequests: false }),
    ).toEqual([])
  })

  it('reports everything at once', () => {
    const issues = issuesOf(
      (c) =>
        c
          .singleton(A, factory([B], make, { io: 'socket' }))
          .scoped(B, factory([C], make))
          .scoped(D, factory([D], make)),
      { socketsOutliveRequests: false },
    )
    expect(issues.map((issue) => issue.kind).sort()).toEqual(['captive', 'cycle', 'missing', 'socket'])
  })

  it('names every issue in the message of one error', () => {
    const container = createContainer().scoped(A, factory([B, C], make))
    expect(() => container.seal()).toThrow(/nothing is registered for B \(A → B\)\n- nothing is registered for C/)
    expect(() => container.seal()).toThrow(expect.objectContaining({ code: 'LEX_ERR_DI_008' }))
  })

  it('can be tried again after what was missing was registered', () => {
    const container = createContainer().scoped(A, factory([B], make))
    expect(() => container.seal()).toThrow()
    container.singleton(B, factory([], make))
    expect(container.seal().scope().get(A)).toEqual({})
  })
})

describe('aliases', () => {
  it('lead through chains to one instance', async () => {
    const container = createContainer().singleton(A, factory([], make)).alias(B, A).alias(C, B).seal()
    expect(container.get(C)).toBe(container.get(A))
    expect(await container.resolve(B)).toBe(container.get(A))
  })

  it('may be registered before their target and injected like it', () => {
    const container = createContainer()
      .alias(B, A)
      .singleton(A, factory([], make))
      .scoped(
        C,
        factory([B], (b) => ({ b })),
      )
      .seal()
    expect(container.scope().get(C)).toEqual({ b: container.get(A) })
  })

  it('are captive where their target is', () => {
    const issues = issuesOf((c) =>
      c
        .scoped(A, factory([], make))
        .alias(B, A)
        .singleton(C, factory([B], make)),
    )
    expect(issues.map(({ kind, path }) => [kind, path])).toEqual([['captive', ['C', 'A']]])
  })

  it('aliases to nothing and in circles are reported', () => {
    expect(issuesOf((c) => c.alias(A, B)).map(({ kind, path }) => [kind, path])).toEqual([['missing', ['A', 'B']]])
    expect(issuesOf((c) => c.alias(A, B).alias(B, C).alias(C, B)).map(({ kind }) => kind)).toEqual([
      'cycle',
      'cycle',
      'cycle',
    ])
    expect(issuesOf((c) => c.alias(A, A)).map(({ path }) => path)).toEqual([['A', 'A']])
  })

  it('serve a plain token by a named one', () => {
    const container = createContainer().singleton(named(A, 'main'), factory([], make)).alias(A, named(A, 'main')).seal()
    expect(container.get(A)).toBe(container.get(named(A, 'main')))
  })
})
