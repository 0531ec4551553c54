/** `$elemMatch` in the projection of a `find`: the first element that matches, if there is one. */

import { compileFieldTest } from '../filter/compile-filter.ts'
import { parseFilter } from '../filter/parse-filter.ts'
import type { Meter } from '../meter.ts'
import { isArray, isDocument } from '../value.ts'
import type { FieldRule } from './projection.ts'
import { refuse } from './rules.ts'

interface ElementOptions {
  readonly parts: readonly string[]
  readonly meter?: Meter | undefined
  readonly vendorValues?: boolean | undefined
}

export function parseElemMatch(operand: unknown, { parts, meter, vendorValues }: ElementOptions): FieldRule {
  const at = parts.join('.')
  if (!isDocument(operand)) throw refuse('BadValue', '$elemMatch must be an object', at)
  if (parts.length > 1) throw refuse('BadValue', '$elemMatch cannot project a nested field', at)
  const filter = parseFilter({ element: { $elemMatch: operand } }, { meter, vendorValues })
  if (filter.kind !== 'field') throw refuse('BadValue', '$elemMatch must be an object', at)
  const { test } = filter
  let matches: ReturnType<typeof compileFieldTest> | undefined
  return {
    kind: 'pick',
    pick: (value) => {
      if (!isArray(value)) return undefined
      const found = value.find((element) => (matches ??= compileFieldTest(test, meter))([element]))
      return found === undefined ? undefined : [found]
    },
  }
}
