import type { PgColumn } from 'drizzle-orm/pg-core'
import type { SqlText } from '../contract/driver.ts'
import { DataError } from '../errors.ts'
import type { ColumnReaders } from './version.ts'

/** Refuses what a column's mode would round. */
export type ReadingCheck = (cell: SqlText) => void

const wholeNumbers = new Set(['PgBigInt53', 'PgBigSerial53'])

/** Whether a column has whole numbers of 64 bits as numbers of JavaScript, which has fewer. */
export function isWholeNumber({ columnType }: PgColumn): boolean {
  return wholeNumbers.has(columnType)
}

/** The check of a column whose values, or elements, are whole numbers: another number would be untrue. */
export function wholeNumberCheck(column: PgColumn, columns: ColumnReaders): ReadingCheck | undefined {
  const elements = columns.elementsOf(column)
  if (!isWholeNumber(elements?.leaf ?? column)) return undefined
  const refuse = (): never => {
    throw new DataError(
      `the column '${column.name}' cannot be read as a number: its value is beyond those that JavaScript has`,
      { hint: "Declare the column with mode: 'bigint'." },
    )
  }
  if (elements === undefined) return (cell) => cell === null || Number.isSafeInteger(Number(cell)) || refuse()
  return (cell) =>
    (cell ?? '').match(/-?\d+/g)?.every((digits) => Number.isSafeInteger(Number(digits))) === false && refuse()
}

/** The check of a column of a key, by which the row could not be found again if a part of it was lost. */
export function keyCheck(column: PgColumn): ReadingCheck | undefined {
  if (column.columnType === 'PgTimestamp') {
    return (cell) => {
      if (!/\.\d{3}\d*[1-9]/.test(cell ?? '')) return
      throw new DataError(`the key '${column.name}' cannot be read as a Date: it has microseconds`, {
        hint: "Declare the column with mode: 'string', or with precision: 3.",
      })
    }
  }
  if (column.columnType !== 'PgNumericNumber') return undefined
  return (cell) => {
    if (cell === null || isExactNumber(cell)) return
    throw new DataError(`the key '${column.name}' cannot be read as a number: it has more digits`, {
      hint: "Declare the column with mode: 'string'.",
    })
  }
}

/** Whether the number of JavaScript is written with the same digits. */
function isExactNumber(text: string): boolean {
  return digitsOf(text) === digitsOf(String(Number(text)))
}

/** Digits without zeros around them; the power of ten cannot differ, for a number is next to its text. */
function digitsOf(text: string): string {
  return text.replace(/e.*$/i, '').replaceAll(/[-+.]/g, '').replace(/^0+/, '').replace(/0+$/, '')
}
