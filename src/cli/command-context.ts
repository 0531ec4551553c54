/** What a command of the command line has from its caller. */
export interface CommandContext {
  /** Aborted when the user stops the command. */
  readonly signal: AbortSignal
  print(line: string): void
  complain(line: string): void
}
