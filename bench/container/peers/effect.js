import {
  Config,
  Handler,
  Logger,
  Pool,
  Repository,
  RequestContext,
  Service,
  Session,
  openSession,
} from '../services.js?peer=effect'
import * as Context from 'effect/Context'
import * as Effect from 'effect/Effect'
import * as Layer from 'effect/Layer'
import * as ManagedRuntime from 'effect/ManagedRuntime'

export const name = 'Effect'

const T = {}
for (const name of ['config', 'logger', 'pool', 'context', 'session', 'repository', 'service', 'handler'])
  T[name] = Context.Service(name)

const layer = (tag, dependencies, make) =>
  Layer.effect(
    tag,
    Effect.gen(function* () {
      const given = []
      for (const dependency of dependencies) given.push(yield* dependency)
      const made = make(...given)
      return Effect.isEffect(made) ? yield* made : made
    }),
  )

const root = () =>
  layer(T.pool, [T.config, T.logger], (a, b) => new Pool(a, b)).pipe(
    Layer.provideMerge(layer(T.logger, [T.config], (a) => new Logger(a))),
    Layer.provideMerge(Layer.sync(T.config, () => new Config())),
  )

function perRequest(mode) {
  const all = mode === 'all'
  const later = (make) => (all ? (...given) => Effect.promise(async () => make(...given)) : make)
  const open =
    mode === 'sync'
      ? (...given) => Effect.sync(() => new Session(...given))
      : (...given) => Effect.promise(() => openSession(...given))
  const session = (...given) => Effect.acquireRelease(open(...given), (made) => Effect.sync(() => made.dispose()))
  return layer(T.handler, [T.service, T.context], (a, b) => new Handler(a, b)).pipe(
    Layer.provideMerge(
      layer(
        T.service,
        [T.repository, T.session, T.config],
        later((a, b, c) => new Service(a, b, c)),
      ),
    ),
    Layer.provideMerge(
      layer(
        T.repository,
        [T.session, T.logger],
        later((a, b) => new Repository(a, b)),
      ),
    ),
    Layer.provideMerge(layer(T.session, [T.context, T.pool, T.logger], session)),
    Layer.provideMerge(
      layer(
        T.context,
        [],
        later(() => new RequestContext()),
      ),
    ),
  )
}

function create(mode) {
  const runtime = ManagedRuntime.make(root())
  const program = Effect.map(T.handler, (handler) => handler.handle()).pipe(Effect.provide(perRequest(mode)))
  const config = Effect.map(T.config, (made) => made)
  return {
    pool: runtime.runSync(Effect.map(T.pool, (made) => made)),
    single: () => runtime.runSync(config),
    run: mode === 'sync' ? () => runtime.runSync(program) : () => runtime.runPromise(program),
  }
}

export const createSync = () => create('sync')
export const createAsync = (all) => create(all ? 'all' : 'one')

export function build(count) {
  const tags = []
  let merged
  for (let i = 0; i < count; i++) {
    tags.push(Context.Service(`s${i}`))
    const one = layer(tags[i], i > 1 ? [tags[i - 1], tags[i - 2]] : [], (a, b) => ({ a, b }))
    merged = merged === undefined ? one : Layer.provideMerge(one, merged)
  }
  const runtime = ManagedRuntime.make(merged)
  return () => runtime.runPromise(Effect.map(tags[count - 1], (made) => made))
}
