import type { SQLWrapper } from 'drizzle-orm'
import { UsageError } from '../../core/errors.ts'
import type { RowSet, Statement } from '../contract/driver.ts'

/** A statement that is ready to send, and how its rows are to be read. */
export interface Prepared {
  readonly statement: Statement
  readonly read: (set: RowSet) => unknown
}

/** A statement that was rendered beforehand, for whoever runs it often. A session takes it wherever it takes a builder. */
export class PreparedStatement implements SQLWrapper {
  readonly prepared: Prepared

  constructor(prepared: Prepared) {
    this.prepared = prepared
  }

  getSQL(): never {
    throw new UsageError('a rendered statement cannot become part of another')
  }
}

/** By its property, so that whoever never renders beforehand does not carry the class. No builder of Drizzle's has it. */
export function isPrepared(item: SQLWrapper | string): item is PreparedStatement {
  return typeof item === 'object' && 'prepared' in item
}
