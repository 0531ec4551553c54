import type { Output, Report } from './report.ts'

/** What the command line has from its caller. */
export interface CommandContext extends Output {
  /** Aborted when the user stops the command. */
  readonly signal: AbortSignal
  /** @default the variables of the process */
  readonly env?: NodeJS.ProcessEnv
}

/** What one command works with. */
export interface CommandRun {
  readonly signal: AbortSignal
  readonly env: NodeJS.ProcessEnv
  readonly report: Report
}

/** Runs a command, whose promise is the exit code; it is loaded when it is used. */
export type Run = (command: (run: CommandRun) => Promise<number>) => Promise<void>
