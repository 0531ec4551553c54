import { drizzle } from 'drizzle-orm/node-postgres'
import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type DatabaseConnection } from 'kysely'
import type { DatabaseDriver, RowSet } from '../../src/sql/contract/driver.ts'
import { openDatabase } from '../../src/sql/database.ts'
import { columns, rows, type Product } from './products.ts'

/**
 * In place of a server: answers at once with so many rows, to every statement. What is measured is what the library does
 * before and after.
 */
export function answers(count: number) {
  const cells = rows.slice(0, count)
  return {
    /** The vendor's client, reduced to its promise. */
    query: async (_text: string, _values: readonly unknown[]) => cells,
    kysely: () => kyselyOver(count),
    // What Drizzle asks of a client of node-postgres, which parses numbers and booleans.
    drizzle: () => drizzle({ query: async () => ({ rows: cells.map(parse), rowCount: count }) } as never),
    session: async (answer: 'rows' | 'positions' | 'guarded' = 'rows') => {
      const set = answerOf(answer)
      return (await openDatabase({ drivers: [stub(set)], url: 'postgresql://u:p@stub/d' })).session()
    },
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

function parse(row: readonly (string | null)[]): unknown[] {
  return row.map((cell, i) => (i === 2 ? Number(cell) : i === 3 ? cell === 't' : cell))
}

export interface Tables {
  readonly products: Product
}

function kyselyOver(count: number): Kysely<Tables> {
  const sent = rows.slice(0, count)
  // As node-postgres parses them, dates too.
  const parsed = (): unknown[] =>
    sent.map((row) => {
      const [id, name, stock, sold, changed] = parse(row)
      return { id, name, stock, sold, changed: new Date(String(changed).replace(' ', 'T').replace('+00', 'Z')) }
    })
  const nothing = async (): Promise<void> => {}
  const connection: DatabaseConnection = {
    executeQuery: async () => ({ rows: parsed() as never[] }),
    streamQuery: () => {
      throw new Error('nothing here reads streams')
    },
  }
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createDriver: () => ({
        init: nothing,
        acquireConnection: async () => connection,
        beginTransaction: nothing,
        commitTransaction: nothing,
        rollbackTransaction: nothing,
        releaseConnection: nothing,
        destroy: nothing,
      }),
    },
  })
}
