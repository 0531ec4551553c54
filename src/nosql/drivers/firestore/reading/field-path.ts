import type { PathParts } from '../../../query/path.ts'
import { isStorablePath } from '../../../query/storable.ts'
import { textBytes } from '../../../query/text-bytes.ts'

/** Bytes of a path in a query, where each part counts one more; a document may have a name that is longer by one. */
const mostBytes = 1500

/** Names that Firestore keeps for itself, at any depth. */
const keptName = /^__[^]*__$/

/** Segments that are not plain names are quoted by backticks. */
export function fieldPathOf(path: string): string {
  if (path === '__name__') return path
  const quoted = (part: string) => `\`${part.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
  return path
    .split('.')
    .map((part) => (/^[A-Za-z_]\w*$/.test(part) ? part : quoted(part)))
    .join('.')
}

/** Whether a document in Firestore may have the path. */
export function mayBeStored(parts: PathParts): boolean {
  return isStorablePath(parts) && !parts.some((part) => keptName.test(part))
}

/** Whether a query may name the path. The emulator reads a carriage return in one as another character. */
export function isAskablePath(parts: PathParts): boolean {
  const path = parts.join('.')
  return mayBeStored(parts) && !path.includes('\r') && textBytes(path) < mostBytes
}
