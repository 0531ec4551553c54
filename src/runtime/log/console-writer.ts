import type { LogRecord } from '../../core/log/log.ts'

/** One line of JSON, where every runtime shows what is logged. */
export function writeToConsole(record: LogRecord): void {
  // oxlint-disable-next-line no-console -- every runtime shows it where its logs are looked for
  console[record.level](JSON.stringify(record))
}
