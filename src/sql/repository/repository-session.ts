import type { DbSession } from '../session/session.ts'

/** What a repository asks of its session. */
export type RepositorySession = Pick<DbSession, 'execute' | 'run' | 'batch' | 'cursors' | 'dialect'>
