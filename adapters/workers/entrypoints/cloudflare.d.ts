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
  export interface WorkflowStep {
    do<T>(name: string, work: () => Promise<T>): Promise<T>
    do<T>(name: string, config: object, work: () => Promise<T>): Promise<T>
    sleep(name: string, duration: number | string): Promise<void>
  }
  export class WorkflowEntrypoint<Env> {
    protected readonly ctx: { waitUntil(work: Promise<unknown>): void }
    protected readonly env: Env
    constructor(ctx: object, env: Env)
  }
}
