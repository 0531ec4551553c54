import { token, type Token } from '../../core/token.ts'

/** Something that has to be released, numbered, so that a case can distinguish the scopes. */
export interface ConformanceSession {
  readonly id: number
}
/** The token of a session as the suite's application opens one for each scope. */
export const ConformanceSession: Token<ConformanceSession> = token<ConformanceSession>('ConformanceSession')
/** What is made with a session, and released before it. */
export const ConformanceTransaction: Token<object> = token<object>('ConformanceTransaction')
