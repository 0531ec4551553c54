import { drizzle } from 'drizzle-orm/node-postgres'
import { Kysely } from 'kysely'
import type { DatabaseDriver, RowSet } from '../../src/sql/contract/driver.ts'
import { openDatabase, type DatabaseProvider } from '../../src/sql/database.ts'
import { answeringDialect } from './dialect.ts'
import { byHand, columns, parse, rows, type Product } from './products.ts'

/**
 * In place of a server: answers at once with so many rows, to every statement. What is measured is what the library does
 * before and after.
 */
export function answers(count: number) {
  const cells = rows.slice(0, count)
  return {
    /** The vendor's client, reduced to its promise. */
    query: async (_text: string, _values: readonly unknown[]) => cells,
    kysely: () => new Kysely<Tables>({ dialect: answeringDialect(() => ({ rows: cells.map(byHand) })) }),
    // What Drizzle asks of a client of node-postgres, which parses numbers and booleans.
    drizzle: () => drizzle({ query: async () => ({ rows: cells.map(parse), rowCount: count }) } as never),
    /** What a driver of ours returns. */
    set: (answer: 'rows' | 'positions' | 'guarded' = 'rows') => answerOf(answer),
  }

  function answerOf(answer: 'rows' | 'positions' | 'guarded'): RowSet {
    if (answer === 'rows') return { columns, rows: cells, rowCount: count }
    if (answer === 'guarded') {
      return {
        columns: [{ name: 'fits', type: 23 }, ...columns],
        rows: cells.map((row) => ['0', ...row]),
        rowCount: count,
      }
    }
    const positions = columns.slice(0, 2)
    return {
      columns: [...columns, ...positions],
      rows: cells.map((row) => [...row, row[1]!, row[0]!]),
      rowCount: count,
    }
  }
}

/** A database of ours whose every statement has this answer. */
export function databaseOver(set: RowSet): Promise<DatabaseProvider> {
  return openDatabase({ drivers: [stub(set)], url: 'postgresql://u:p@stub/d' })
}

function stub(set: RowSet): DatabaseDriver {
  return {
    name: 'stub',
    io: 'none',
    interactiveTransactions: false,
    accepts: () => true,
    open: () => ({
      session: () => ({
        execute: () => Promise.resolve(set),
        batch: (statements) => Promise.resolve(statements.map(() => set)),
        close: () => Promise.resolve(),
      }),
      close: () => Promise.resolve(),
    }),
  }
}

export interface Tables {
  readonly products: Product
}
