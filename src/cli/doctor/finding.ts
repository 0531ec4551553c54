/** One thing that is wrong with a project. No value of a variable is part of it. */
export interface Finding {
  /** Which kind; `docs/cli.md` lists them. */
  readonly code: FindingCode
  /** Errors make the exit code 1. */
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** From the project's folder, with a line where one is known. */
  readonly file: string
  /** Where in the file: `dependencies.hono`, `vars.LEX_DATABASE__POOL_SIZE`. */
  readonly key: string
  /** What to do, in one imperative sentence. */
  readonly fix: string
}

export const findingCodes = [
  'node-version',
  'peer-missing',
  'peer-range',
  'file-unreadable',
  'worker-main',
  'worker-date',
  'worker-flag',
  'durable-class',
  'variable-invalid',
  'variable-missing',
  'variable-unknown',
  'secret-in-file',
  'binding-unread',
  'function-runtime',
  'handler-missing',
  'batch-response',
  'row-security',
  'database-unreachable',
  'index-missing',
] as const

export type FindingCode = (typeof findingCodes)[number]
