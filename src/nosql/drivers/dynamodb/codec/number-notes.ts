import { isArray, isDocument, type Value } from '../../../query/value.ts'

/** What DynamoDB's one type of numbers cannot say of a document. */
export interface NumberNotes {
  /** Paths of bigints whose digits are those of a number as well. */
  readonly bigints: readonly (readonly string[])[]
  /**
   * Whether a number is not a safe integer: DynamoDB adds such numbers as decimals, and JavaScript as binary fractions, so
   * that 0.1 + 0.2 differs.
   */
  readonly fractions: boolean
}

export function numbersOf(value: Value): NumberNotes {
  const bigints: (readonly string[])[] = []
  let fractions = false
  const collect = (inner: Value, path: readonly string[]): void => {
    if (typeof inner === 'number') fractions ||= !Number.isSafeInteger(inner)
    else if (typeof inner === 'bigint') {
      // Other bigints are read as such: no number has their digits.
      if (BigInt(Number(inner)) === inner) bigints.push(path)
    } else if (isArray(inner)) {
      for (const [index, element] of inner.entries()) collect(element, [...path, String(index)])
    } else if (isDocument(inner)) {
      for (const [name, field] of Object.entries(inner)) collect(field, [...path, name])
    }
  }
  collect(value, [])
  return { bigints, fractions }
}
