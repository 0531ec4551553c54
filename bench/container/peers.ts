/** What a peer's file exports; only the first two are there for every peer. */
export interface Peer {
  readonly name: string
  createSync(): App | Promise<App>
  createAsync?(all: boolean): App | Promise<App>
  /** Registers that many services and returns what resolves the last one. */
  build?(count: number): (() => unknown) | Promise<() => unknown>
}

export interface App {
  /** Counts the sessions that are open, so that a run can be checked. */
  readonly pool: { readonly open: number; readonly total: number }
  /** One request: opens a scope, resolves the handler, calls it, releases the session. */
  run(): unknown
  single?(): unknown
  /** A request whose scope is forgotten. */
  open?(): unknown
}

/** File names; the first one is what all others are compared with. */
export const peers = [
  'hand',
  'lexigram',
  'lexigram-classes',
  'inferdi',
  'inferdi-fast',
  'needle',
  'typedi',
  'typed-inject',
  'awilix',
  'tsyringe',
  'inversify',
  'nest',
  'effect',
] as const

export async function loadPeer(file: string): Promise<Peer> {
  // The files are plain JavaScript of this shape.
  return (await import(`./peers/${file}.js`)) as Peer
}

/** A peer that leaves sessions open would be measured for less work than the others do. */
export async function assertReleases(name: string, app: App): Promise<void> {
  const { total } = app.pool
  for (let i = 0; i < 3; i++) await app.run()
  if (app.pool.open === 0 && app.pool.total === total + 3) return
  throw new Error(`${name} left ${app.pool.open} sessions open, made ${app.pool.total - total} in 3 requests`)
}
