import type { TransactionOptions } from './driver.ts'

/** The modes as `BEGIN` and `SET TRANSACTION` take them; empty when nothing was asked for. */
export function transactionModes({ isolation, readOnly, deferrable }: TransactionOptions): string {
  const modes: string[] = []
  if (isolation !== undefined) modes.push(`isolation level ${isolation}`)
  if (readOnly !== undefined) modes.push(readOnly ? 'read only' : 'read write')
  if (deferrable !== undefined) modes.push(deferrable ? 'deferrable' : 'not deferrable')
  return modes.join(' ')
}
