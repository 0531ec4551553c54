import type { PGlite } from '@electric-sql/pglite'
import { PermissionDeniedError, TimeoutError, UsageError } from '../../../core/errors.ts'
import type { CallOptions, Statement } from '../../contract/driver.ts'
import { forgetSettings, leavesState } from '../../contract/leaves-state.ts'
import type { TaggedRows } from '../../contract/tagged-rows.ts'
import { embeddedRefusal } from '../../provider/embedded-limits.ts'
import type { ConnectionLimit } from '../../session/calls/connection-limit.ts'
import { exchange, type AnswerBudget } from './exchange.ts'

export interface PGliteParts {
  readonly db: PGlite
  /** Most bytes of the answer to a call. */
  readonly maxAnswerBytes: number
  /** The database has one connection: sessions wait for it here, in order. */
  readonly slots: ConnectionLimit
  /**
   * What makes the connection that of its role; undefined where it has one of its user's choice. `leave` is sent after
   * each turn where the database has direct users, who are another role.
   */
  readonly role: { readonly enter: string; readonly leave: string | undefined } | undefined
}

/** The one connection of the database, until `end`. */
export interface Turn {
  /**
   * @param budget of the call that the statement is a part of. @default that of one call
   * @throws PermissionDeniedError for another login, and UsageError for a timeout that would never end; nothing is sent
   */
  run(statement: Statement, budget?: AnswerBudget): Promise<TaggedRows>
  end(): void
}

/** What may leave the connection in another role than that of the database. */
const changesRole = /\brole\b|\bdiscard\b/i

/** What a turn leaves is not for the next session, as with a pool. Temporary tables of direct users stay theirs. */
const forgetAll: readonly string[] = [...forgetSettings, 'discard temp']

/**
 * Waits for the connection, in the order of asking.
 *
 * @throws TimeoutError when the signal fires before; nothing runs then, also when the turn comes later
 */
export async function takeTurn(
  { db, slots, role, maxAnswerBytes }: PGliteParts,
  { signal, span }: CallOptions,
): Promise<Turn> {
  const release = await slots.acquire(signal, span)
  const send = (text: string): Promise<TaggedRows> => exchange(db, { text, params: [] }, createBudget(maxAnswerBytes))
  try {
    const end = await holdConnection(db, signal)
    const isShared = role?.leave !== undefined
    let isChanged = false
    let isStateful = false
    const cleanUp = async (): Promise<void> => {
      const last = role?.leave ?? (isChanged ? role?.enter : undefined)
      if (isStateful) for (const text of isShared ? forgetSettings : forgetAll) await send(text)
      if (last !== undefined) await send(last)
    }
    if (isShared) await send(role.enter)
    return {
      async run(statement, budget = createBudget(maxAnswerBytes)) {
        assertEmbeddable(statement)
        isStateful ||= leavesState(statement)
        isChanged ||= changesRole.test(statement.text) || statement.params.some((value) => value === 'role')
        return exchange(db, statement, budget)
      },
      end() {
        // It fails on a database that has been closed, which has no state any more.
        if (isShared || isChanged || isStateful) void cleanUp().then(end, end)
        else end()
        release()
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

export function createBudget(max: number): AnswerBudget {
  return { left: max, max }
}

/** Direct users of the database share its connection: their transactions keep it too. */
function holdConnection(db: PGlite, signal: AbortSignal): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const leave = (): void =>
      reject(new TimeoutError('the call cannot continue: it was aborted while it waited for the connection'))
    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave)
    db._runExclusiveTransaction(() => {
      signal.removeEventListener('abort', leave)
      return signal.aborted ? Promise.resolve() : new Promise<void>((end) => resolve(end))
    }).catch(reject)
  })
}

function assertEmbeddable(statement: Statement): void {
  const refusal = embeddedRefusal(statement)
  if (refusal === 'login') {
    throw new PermissionDeniedError('the statement cannot change who is logged in: only superusers may', {
      hint: 'Open the database with `?role=` in its URL, or set a role that the one of the URL is a member of.',
      publicMessage: 'this is not allowed',
    })
  }
  if (refusal === 'timeout') {
    throw new UsageError('the embedded database cannot have this timeout: it would keep the process busy for ever', {
      hint: 'Leave it out for pglite; LEX_DATABASE__STATEMENT_TIMEOUT limits each call.',
    })
  }
}
