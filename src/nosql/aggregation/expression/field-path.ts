import { fail } from './failure.ts'

const LONGEST_PATH = 200

/** Splits `a.b.c`, refusing what cannot be a path. */
export function fieldPath(path: string): readonly string[] {
  const segments = path.split('.')
  if (segments.length > LONGEST_PATH) fail('Overflow', `a field path must have at most ${LONGEST_PATH} segments`)
  for (const segment of segments) checkFieldName(segment)
  return segments
}

/** Refuses what no field can be called. */
export function checkFieldName(name: string): void {
  if (name === '') fail(15998, 'a field name must not be empty')
  if (name === '__proto__') fail('BadValue', "a field name must not be '__proto__'")
  if (name.startsWith('$'))
    fail(16410, "a field name must not start with '$'", 'Use $getField or $setField for such names.')
  if (name.includes('\0')) fail(16411, 'a field name must not contain a null byte')
}
