import type { Statement } from '../contract/driver.ts'
import { DataError } from '../errors.ts'

/** Most characters that one call may send. Drivers copy them several times, and an edge runtime may have 128 MiB. */
const longestCall = 64 * 1024 * 1024

/** Asked before a value is copied, so that a giant one is not. @throws DataError */
export function assertCallSize(characters: number): void {
  if (characters <= longestCall) return
  throw new DataError('a call cannot be sent: its statements and values must have at most 64 MiB', {
    hint: 'Send less at once; keep large objects in object storage, and their keys in the database.',
  })
}

/** The sum over statements that travel together. @throws DataError */
export function assertCallsFit(statements: readonly Statement[]): void {
  let characters = 0
  for (const { text, params } of statements) {
    characters += text.length
    for (const param of params) characters += param?.length ?? 0
  }
  assertCallSize(characters)
}
