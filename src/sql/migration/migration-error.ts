import { isLexigramError } from '../../core/errors.ts'
import { CommitUnknownError, MigrationError } from '../errors.ts'
import { describeStatement } from './describe-statement.ts'
import type { MigrationStatement } from './migration.ts'

export interface StatementPlace {
  /** Of the migration. */
  readonly name: string
  readonly statement: MigrationStatement
  /** From 0. */
  readonly index: number
}

/** Names the migration, and the statement and its object where they are known. An error that does so is passed on. */
export function migrationError(names: readonly string[], error: unknown, place?: StatementPlace): MigrationError {
  if (error instanceof MigrationError) return error
  const kept = error instanceof CommitUnknownError ? 'whether it was kept is not known' : 'nothing of it was kept'
  return describeFailure({ names, error, place, kept })
}

/** For a history that has changed since it was read. */
export function changedError(name: string, verb: 'applied' | 'marked' | 'undone', cause: unknown): MigrationError {
  const again = { applied: 'apply', marked: 'baseline', undone: 'down' }[verb]
  return new MigrationError(`migration ${name} cannot be ${verb}: another runner has changed the history`, {
    hint: `Call status(), and ${again}() again where it is still wanted.`,
    details: { migrations: [name] },
    cause,
  })
}

/** For a statement that ran by itself: those before it stay. */
export function outsideError(place: StatementPlace, error: unknown): MigrationError {
  const { name, index } = place
  const own = error instanceof CommitUnknownError ? 'it may have been carried out, and ' : ''
  const kept = `${own}what ran before it stays (statements done: ${index}), for the migration has no transaction`
  return describeFailure({ names: [name], error, place, kept, statementsDone: index })
}

/** For a record that failed after statements ran by themselves. */
export function notRecordedError(name: string, error: unknown, statementsDone: number): MigrationError {
  const recorded =
    error instanceof CommitUnknownError ? 'whether that was recorded is not known' : 'that was not recorded'
  const kept = `its statements before were carried out (statements done: ${statementsDone}), and ${recorded}`
  return describeFailure({ names: [name], error, place: undefined, kept, statementsDone })
}

interface Failure {
  readonly names: readonly string[]
  readonly error: unknown
  readonly place: StatementPlace | undefined
  /** The part of the migration that remains to be done. */
  readonly kept: string
  readonly statementsDone?: number
}

function describeFailure({ names, error, place, kept, statementsDone }: Failure): MigrationError {
  const known = isLexigramError(error) ? error : undefined
  const failed = place === undefined ? undefined : describePlace(place)
  const subject = failed === undefined ? names.join(', ') : `${names.join(', ')}, ${failed.text}`
  return new MigrationError(`${subject} cannot run: ${known?.message ?? 'the migration failed'}; ${kept}`, {
    hint: known?.hint,
    details: {
      migrations: names,
      ...failed?.details,
      ...known?.details,
      ...(statementsDone !== undefined && { statementsDone }),
    },
    cause: error,
  })
}

function describePlace({ statement, index }: StatementPlace) {
  const { what, object } = describeStatement(statement.text)
  const { line } = statement
  const at = line === undefined ? '' : ` at line ${line}`
  return {
    text: `statement ${index + 1}${at} (${what})`,
    details: { statement: index + 1, ...(line !== undefined && { line }), ...(object !== undefined && { object }) },
  }
}
