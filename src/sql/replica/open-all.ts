import { settleAll } from '../../core/settle-all.ts'
import type { DatabaseDriver, DriverSettings } from '../contract/driver.ts'
import { openingError } from '../session/calls/of-database.ts'
import type { OpenDatabase } from './replica-set.ts'

export interface Opening {
  readonly name: string
  readonly settings: DriverSettings
}

/**
 * Opens databases at once. When one cannot be, the others are closed again.
 *
 * @throws what the first one failed with, which names it
 */
export async function openAll(driver: DatabaseDriver, openings: readonly Opening[]): Promise<OpenDatabase[]> {
  const open = async ({ name, settings }: Opening): Promise<OpenDatabase> => {
    try {
      return { name, connection: await driver.open(settings) }
    } catch (error) {
      throw openingError(error, name)
    }
  }
  const outcomes = await Promise.allSettled(openings.map(open))
  const opened = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed === undefined) return opened
  // Why it could not be opened is what its caller has to know.
  await closeAll(opened.map(({ connection }) => connection)).catch(() => undefined)
  throw failed.reason
}

/** Closes everything, although some of it may fail. @throws what failed first */
export async function closeAll(closeable: readonly { close(): Promise<void> }[]): Promise<void> {
  const failures = await settleAll(closeable.map((each) => each.close()))
  if (failures.length > 0) throw failures[0]
}
