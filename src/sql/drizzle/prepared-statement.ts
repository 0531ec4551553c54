import type { RowSet, Statement } from '../contract/driver.ts'

/** A statement that was rendered once, for code that runs it often, and how its rows are read. */
export class PreparedStatement<T = unknown> {
  readonly statement: Statement
  readonly read: (set: RowSet) => T

  constructor(statement: Statement, read: (set: RowSet) => T) {
    this.statement = statement
    this.read = read
  }
}
