import type { Statement } from '../../contract/driver.ts'
import { bareText } from './bare-text.ts'

/** Most statements are one of these, which need no closer look. */
const ordinary = /^\s*(?:select|insert|update|delete|with)\b/i

const commits = /^[\s;]*(?:call|do)\b/i

/**
 * Whether a statement may commit before it ends: what it fails with then says nothing of what it has kept. Inside a
 * transaction the database refuses that.
 *
 * @see https://www.postgresql.org/docs/current/plpgsql-transactions.html
 */
export function commitsByItself({ text }: Statement): boolean {
  return !ordinary.test(text) && commits.test(bareText(text))
}
