import type { TransactionSteps } from './transaction-runner.ts'

export interface SavepointParent {
  /** Resolves when what is around has begun and has sent everything before. @throws when it has failed */
  ready(): Promise<void>
  /** Called when the savepoint cannot be rolled back to: what is around cannot go on then. */
  onBroken(cause: unknown): void
}

/** A part of a transaction that is rolled back alone: a savepoint, set before the first statement. */
export function savepointSteps(around: TransactionSteps, depth: number, parent: SavepointParent): TransactionSteps {
  const name = `lexigram_${depth}`
  const send = async (verb: string): Promise<void> => {
    await around.execute({ text: `${verb} ${name}`, params: [] })
  }
  const orBreak = async (work: Promise<void>): Promise<void> => {
    try {
      await work
    } catch (error) {
      parent.onBroken(error)
      throw error
    }
  }
  const rollback = async (): Promise<void> => {
    await send('rollback to savepoint')
    await send('release savepoint')
  }
  return {
    pipelines: around.pipelines,
    async begin() {
      await parent.ready()
      await orBreak(send('savepoint'))
    },
    assertSendable: (statement) => around.assertSendable(statement),
    execute: (statement) => around.execute(statement),
    async commit() {
      try {
        await send('release savepoint')
      } catch (error) {
        await orBreak(rollback())
        throw error
      }
    },
    rollback: () => orBreak(rollback()),
  }
}
