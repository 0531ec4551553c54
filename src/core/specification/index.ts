/**
 * Conditions as values: written once against an entity, run by SQL repositories, document repositories and in memory.
 *
 * @module
 */

export { and, not, or, isSpecification, toSpecification } from './combine.ts'
export {
  fieldContains,
  fieldEq,
  fieldExists,
  fieldGt,
  fieldGte,
  fieldIn,
  fieldLt,
  fieldLte,
  fieldNe,
  fieldStartsWith,
} from './field.ts'
export type { EqualityOperand, FieldPath, FieldValue, OrderOperand, TextOperand } from './field-path.ts'
export { isSatisfiedBy } from './satisfies.ts'
export type { OrderedValue, Specification, SpecificationNode, SpecificationValue } from './specification.ts'
