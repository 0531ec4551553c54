import { transform } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { createContainer } from './container.ts'
import { scoped, singleton, transient } from './decorators.ts'
import type { Class } from '../core/token.ts'

const source = `
  @singleton() class Clock { now() { return 1 } }
  @scoped(Clock) class Session { constructor(clock) { this.clock = clock } }
  @transient(Session, Clock) class Handler { constructor(session, clock) { Object.assign(this, { session, clock }) } }
  return { Clock, Session, Handler }
`

interface Declared {
  readonly Clock: Class<object>
  readonly Session: Class<{ clock: object }>
  readonly Handler: Class<{ session: object; clock: object }>
}

/** Standard decorators as a build lowers them: neither Node nor workerd parses them yet. */
async function declare(): Promise<Declared> {
  const wrapped = `export default (singleton, scoped, transient) => {${source}}`
  const { code } = await transform(wrapped, { target: 'es2022', loader: 'js' })
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    default: (...decorators: unknown[]) => Declared
  }
  return module.default(singleton, scoped, transient)
}

describe('decorated classes', () => {
  it('are added with the lifetime and the dependencies that they carry', async () => {
    const { Clock, Session, Handler } = await declare()
    const container = createContainer().add(Handler).add(Session).add(Clock).seal()
    const scope = container.scope()
    const handler = scope.get(Handler)
    expect(handler).not.toBe(scope.get(Handler))
    expect(handler.session).toBe(scope.get(Session))
    expect(handler.clock).toBe(container.get(Clock))
  })

  it('keep their dependencies under another lifetime', async () => {
    const { Clock, Session } = await declare()
    const container = createContainer()
      .add(Clock)
      .transient(Session, Session as never)
      .seal()
    expect(container.get(Session)).not.toBe(container.get(Session))
    expect(container.get(Session).clock).toBe(container.get(Clock))
  })
})
