import type { DatabaseDriver, RowSet } from '../../src/sql/contract/driver.ts'

const row: RowSet = { columns: [{ name: 'one', type: 23 }], rows: [['1']], rowCount: 1 }

/** A database that answers every statement with one row, so that a walk shows this package and no vendor's library. */
export const answeringDriver: DatabaseDriver = {
  name: 'answering',
  io: 'stateless',
  interactiveTransactions: true,
  accepts: ({ protocol }) => protocol === 'answering:',
  open: () => ({
    session: () => ({
      execute: () => Promise.resolve(row),
      batch: (statements) => Promise.resolve(statements.map(() => row)),
      begin: () =>
        Promise.resolve({
          execute: () => Promise.resolve(row),
          commit: () => Promise.resolve('COMMIT'),
          rollback: () => Promise.resolve(),
        }),
      close: () => Promise.resolve(),
    }),
    close: () => Promise.resolve(),
  }),
}
