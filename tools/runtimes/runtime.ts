/** What a runtime is given to run the example. */
export interface LaunchOptions {
  /** What the example is configured by. */
  readonly env: Readonly<Record<string, string>>
  /** 0 takes any free port. */
  readonly port: number
  /** The file for documents, where the runtime can keep them. Without it they live in memory. */
  readonly documents?: string
  /** Whether the example is wrapped by `inspect`, as a project would have it in development. @default false */
  readonly inspected?: boolean
  /** Called with what is being done, and what the example prints. */
  readonly progress: (line: string) => void
  /** Aborts when the example is no longer needed. */
  readonly signal: AbortSignal
}

/** The example, running. */
export interface Running {
  readonly url: string
  /** What is particular about this runtime, in a sentence. */
  readonly note: string
  /** What is particular about documents in memory, where the note does not say it. */
  readonly memoryNote?: string
  /** Settles with the reason when it has ended by itself. */
  readonly ended?: Promise<string>
  /** Ends all that was started, processes included. */
  readonly stop: () => Promise<void>
}

export type Launch = (options: LaunchOptions) => Promise<Running>
