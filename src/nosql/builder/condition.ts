import { assertPlainObject } from '../../core/plain-object.ts'
import { isSpecification } from '../../core/specification/combine.ts'
import type { Specification } from '../../core/specification/specification.ts'
import type { Filter } from '../collection/types/filter.ts'
import { toFilter } from './specification-to-filter.ts'

/** A condition: a specification, or a filter of the document query language. */
export type Condition<T> = Specification<T> | Filter<T>

/** The filter of a condition, copied where it is the caller's. */
export function conditionFilter(given: unknown): Filter {
  const condition = assertPlainObject(given, 'a condition')
  return isSpecification(condition) ? toFilter(condition) : { ...condition }
}
