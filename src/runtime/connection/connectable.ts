/**
 * What a driver over sockets hands to the runtime, which decides who shares a connection: the application where sockets
 * outlive requests, one scope where they die with it, or many Workers through a Durable Object.
 *
 * Commands and answers are plain data (what structured clone takes), so that they may cross to where the socket is.
 */
export interface Connectable<Command = unknown, Answer = unknown> {
  /** For errors and health reports; no address, no credentials. */
  readonly name: string
  /**
   * Opens a connection. Rejects when there is none: what it rejects with is the cause of a ConnectionError, and never
   * shown to clients. What opens after `signal` has aborted is closed again by the caller.
   */
  connect(signal: AbortSignal): Promise<Connection<Command, Answer>>
}

/** An open connection. Several commands may run at the same time. */
export interface Connection<Command = unknown, Answer = unknown> {
  /**
   * Sends a command once, never again by itself. Rejects with the server's refusal, or when the connection is lost. A
   * driver that can stops what `signal` aborts; the caller stops waiting then, whether it can or not.
   */
  execute(command: Command, signal?: AbortSignal): Promise<Answer>
  /** The cheapest round trip there is. Rejects when the server does not answer. */
  ping(): Promise<void>
  /** Ends it; commands in flight may fail. The second call does nothing. */
  close(): Promise<void>
  /**
   * Settles when the connection is lost, for drivers that notice: the next command gets another one. Where it never
   * settles, the connection is pinged after a pause and after a failure.
   */
  readonly closed?: PromiseLike<unknown>
  /** The vendor's own pool, for platforms that watch it. */
  readonly pool?: unknown
}
