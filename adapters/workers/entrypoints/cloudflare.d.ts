/** The classes that workerd instantiates by name. Declared here for the same reason as the types of `platform.ts`. */
declare module 'cloudflare:workers' {
  export class WorkerEntrypoint<Context, Env> {
    readonly ctx: Context
    readonly env: Env
    constructor(ctx: Context, env: Env)
  }
  export class DurableObject<State, Env> {
    readonly ctx: State
    readonly env: Env
    constructor(ctx: State, env: Env)
  }
}
