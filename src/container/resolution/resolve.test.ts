import { describe, expect, it } from 'vitest'
import { createContainer, type ContainerOptions } from '../container.ts'
import { needsDisposal } from '../scope.ts'
import { factory } from '../registration.ts'
import { token } from '../../core/token.ts'

const coded = (code: string) => expect.objectContaining({ code })
const Conn = token<{ id: number }>('Conn')
const Repo = token<{ conn: { id: number } }>('Repo')
const tick = () => new Promise<void>((resolve) => setTimeout(resolve))

/** A factory whose promises the test settles by hand. */
function gate() {
  const opened: { resolve: () => void; reject: (error: Error) => void }[] = []
  const create = async () => {
    const id = opened.length + 1
    await new Promise<void>((resolve, reject) => opened.push({ resolve, reject }))
    return { id }
  }
  return { opened, create }
}

describe('an async factory', () => {
  it('runs once per scope however many resolve at the same time', async () => {
    const { opened, create } = gate()
    const container = createContainer()
      .scoped(Conn, factory([], create))
      .scoped(
        Repo,
        factory([Conn], (conn) => ({ conn })),
      )
      .seal()
    const scope = container.scope()
    const all = Promise.all([scope.resolve(Conn), scope.resolve(Repo), scope.resolve(Repo)])
    expect(opened).toHaveLength(1)
    opened[0]!.resolve()
    const [conn, repo, same] = await all
    expect(repo.conn).toBe(conn)
    expect(same).toBe(repo)
    expect(scope.get(Repo)).toBe(repo)
  })

  it('is made anew for every resolve of a transient, also beneath something else', async () => {
    let id = 0
    const container = createContainer()
      .transient(
        Conn,
        factory([], async () => ({ id: ++id })),
      )
      .scoped(
        Repo,
        factory([Conn], (conn) => ({ conn })),
      )
      .seal()
    const scope = container.scope()
    const [a, b, repo] = await Promise.all([scope.resolve(Conn), scope.resolve(Conn), scope.resolve(Repo)])
    expect(new Set([a, b, repo.conn]).size).toBe(3)
    expect(await scope.resolve(Repo)).toBe(repo)
  })

  it('cannot be reached by get, which starts nothing', () => {
    const log: string[] = []
    const Before = token<string>('Before')
    const container = createContainer()
      .scoped(
        Before,
        factory([], () => (log.push('before'), 'before')),
      )
      .scoped(
        Conn,
        factory([Before], async () => (log.push('conn'), { id: 1 })),
      )
      .scoped(
        Repo,
        factory([Before, Conn], (_, conn) => ({ conn })),
      )
      .seal()
    const scope = container.scope()
    expect(() => scope.get(Repo)).toThrow(coded('LEX_ERR_DI_010'))
    expect(() => scope.get(Conn)).toThrow(/Conn cannot be created synchronously: it needs an async factory/)
    expect(log).toEqual([])
    expect(scope.get(Before)).toBe('before')
  })

  it('leaves get to make the rest once it has run', async () => {
    const container = createContainer()
      .scoped(
        Conn,
        factory([], async () => ({ id: 1 })),
      )
      .scoped(
        Repo,
        factory([Conn], (conn) => ({ conn })),
      )
      .seal()
    const scope = container.scope()
    const conn = await scope.resolve(Conn)
    expect(scope.get(Repo).conn).toBe(conn)
  })

  it('is tried again by the next after it failed for all who wait', async () => {
    const { opened, create } = gate()
    const container = createContainer()
      .scoped(Conn, factory([], create))
      .scoped(
        Repo,
        factory([Conn], (conn) => ({ conn })),
      )
      .seal()
    const scope = container.scope()
    const both = Promise.allSettled([scope.resolve(Conn), scope.resolve(Repo)])
    opened[0]!.reject(new Error('refused'))
    expect((await both).map((o) => o.status === 'rejected' && (o.reason as Error).message)).toEqual([
      'refused',
      'refused',
    ])
    expect(needsDisposal(scope)).toBe(false)
    const again = scope.resolve(Repo)
    opened[1]!.resolve()
    expect((await again).conn.id).toBe(2)
  })

  it('costs one await, not one for each dependant', async () => {
    const chain = Array.from({ length: 20 }, (_, i) => token<number>(`c${i}`))
    const container = createContainer().scoped(
      chain[0]!,
      factory([], async () => 0),
    )
    for (let i = 1; i < chain.length; i++)
      container.scoped(
        chain[i]!,
        factory([chain[i - 1]!], (n) => n + 1),
      )
    const scope = container.seal().scope()
    let done = false
    void scope.resolve(chain[19]!).then(() => (done = true))
    for (let turns = 0; turns < 4; turns++) await Promise.resolve()
    expect(done).toBe(true)
  })
})

describe('a factory that was not declared async but gives a promise', () => {
  const later = (log: string[]) => factory([], () => (log.push('made'), Promise.resolve({ id: log.length })))

  it.each(['scoped', 'singleton', 'transient'] as const)(
    'is run once by a resolve that awaits it (%s)',
    async (lifetime) => {
      const log: string[] = []
      const container = createContainer()
      container[lifetime](Conn, later(log))
      const scope = container
        .scoped(
          Repo,
          factory([Conn], (conn) => ({ conn })),
        )
        .seal()
        .scope()
      expect((await scope.resolve(Repo)).conn.id).toBe(1)
      expect(log).toHaveLength(1)
      expect(scope.get(Repo).conn.id).toBe(1)
    },
  )

  it('beneath something known to be async is awaited too', async () => {
    const log: string[] = []
    const Known = token<string>('Known')
    const Both = token<string>('Both')
    const container = createContainer()
      .scoped(
        Known,
        factory([], async () => 'known'),
      )
      .transient(Conn, later(log))
      .scoped(
        Both,
        factory([Known, Conn], (known, conn) => `${known} ${conn.id}`),
      )
      .seal()
    expect(await container.scope().resolve(Both)).toBe('known 1')
    expect(log).toHaveLength(1)
  })

  it('keeps what a get that failed has started for the next resolve', async () => {
    const log: string[] = []
    const container = createContainer().scoped(Conn, later(log)).seal()
    const scope = container.scope()
    expect(() => scope.get(Conn)).toThrow(coded('LEX_ERR_DI_010'))
    expect(needsDisposal(scope)).toBe(true)
    expect((await scope.resolve(Conn)).id).toBe(1)
    expect(log).toHaveLength(1)
  })

  it('reports the failure of what a get that failed has started', async () => {
    const errors: unknown[] = []
    const failing = createContainer({ onError: (error) => errors.push(error) })
      .scoped(
        Conn,
        factory([], (): Promise<{ id: number }> => Promise.reject(new Error('late'))),
      )
      .seal()
      .scope()
    expect(() => failing.get(Conn)).toThrow(coded('LEX_ERR_DI_010'))
    await tick()
    expect(errors).toEqual([expect.objectContaining({ message: 'late' })])
  })

  it('is in view of others from the moment it was met', async () => {
    const log: string[] = []
    const released: number[] = []
    const { opened, create } = gate()
    const Known = token<{ id: number }>('Known')
    const Both = token<string>('Both')
    const container = createContainer()
      .singleton(Known, factory([], create))
      .singleton(
        Conn,
        factory([], () => (log.push('made'), Promise.resolve({ id: log.length })), {
          dispose: ({ id }) => void released.push(id),
        }),
      )
      .singleton(
        Both,
        factory([Known, Conn], (known, conn) => `${known.id} ${conn.id}`),
      )
      .seal()
    const scope = container.scope()
    const both = scope.resolve(Both)
    const conn = scope.resolve(Conn)
    opened[0]!.resolve()
    expect([await both, (await conn).id, log]).toEqual(['1 1', 1, ['made']])
    await container.dispose()
    expect(released).toEqual([1])
  })

  it('may return a promise of another library, which is used once', async () => {
    let asked = 0
    const lazy = (): Promise<{ id: number }> => {
      const then: Promise<{ id: number }>['then'] = (onFulfilled, onRejected) =>
        Promise.resolve({ id: ++asked }).then(onFulfilled, onRejected)
      // As a query that is sent when it is awaited, or a call to another Worker.
      // oxlint-disable-next-line unicorn/no-thenable
      return { then } as Promise<{ id: number }>
    }
    const container = createContainer()
      .scoped(Conn, factory([], lazy))
      .scoped(
        Repo,
        factory([Conn], (conn) => ({ conn })),
      )
      .seal()
    for (let i = 1; i <= 2; i++) {
      const scope = container.scope()
      expect(() => scope.get(Repo)).toThrow(coded('LEX_ERR_DI_010'))
      expect(await Promise.all([scope.resolve(Repo), scope.resolve(Conn)])).toEqual([{ conn: { id: i } }, { id: i }])
      expect(scope.get(Conn)).toEqual({ id: i })
    }
  })

  it('may fail and be tried again', async () => {
    let calls = 0
    const scope = createContainer()
      .scoped(
        Conn,
        factory([], () => (++calls === 1 ? Promise.reject(new Error('once')) : Promise.resolve({ id: calls }))),
      )
      .seal()
      .scope()
    await expect(scope.resolve(Conn)).rejects.toThrow('once')
    expect(await scope.resolve(Conn)).toEqual({ id: 2 })
  })
})

describe('an async singleton wanted by two scopes at once', () => {
  const build = (options: ContainerOptions, released: number[] = []) => {
    const { opened, create } = gate()
    const container = createContainer(options)
      .singleton(Conn, factory([], create, { dispose: ({ id }) => void released.push(id) }))
      .scoped(
        Repo,
        factory([Conn], (conn) => ({ conn })),
      )
      .seal()
    return { container, opened, released }
  }

  it('is one promise where requests may share I/O', async () => {
    const { container, opened } = build({ sharesPending: true })
    const both = Promise.all([
      container.scope().resolve(Repo),
      container.scope().resolve(Conn),
      container.resolve(Conn),
    ])
    expect(opened).toHaveLength(1)
    opened[0]!.resolve()
    const [repo, conn, root] = await both
    expect([repo.conn, root]).toEqual([conn, conn])
  })

  it('is never awaited across scopes where they may not: the first to settle is kept, the other released', async () => {
    const { container, opened, released } = build({ sharesPending: false })
    const one = container.scope().resolve(Repo)
    const two = container.scope().resolve(Repo)
    expect(opened).toHaveLength(2)
    opened[1]!.resolve()
    const second = await two
    expect(second.conn.id).toBe(2)
    opened[0]!.resolve()
    expect((await one).conn).toBe(second.conn)
    expect(released).toEqual([1])
    await container.dispose()
    expect(released).toEqual([1, 2])
  })

  it('does not fail one scope for the failure of another', async () => {
    const { container, opened } = build({ sharesPending: false })
    const one = container.scope().resolve(Conn)
    const two = container.scope().resolve(Conn)
    opened[0]!.reject(new Error('mine'))
    await expect(one).rejects.toThrow('mine')
    opened[1]!.resolve()
    expect((await two).id).toBe(2)
  })
})
