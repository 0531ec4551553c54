import { assertPlainObject } from '../../core/plain-object.ts'
import { isSpecification } from '../../core/specification/combine.ts'
import type { Specification } from '../../core/specification/specification.ts'
import type { Filter } from '../collection/types/filter.ts'
import { toFilter } from './specification-to-filter.ts'

/** A condition: a specification, or a filter of the document query language. */
export type Condition<T> = Specification<T> | Filter

/** The filter of a condition, copied where it is the caller's. */
export function conditionFilter(condition: Condition<never>): Filter {
  assertPlainObject(condition, 'a condition')
  return isSpecification(condition) ? toFilter(condition) : { ...condition }
}
