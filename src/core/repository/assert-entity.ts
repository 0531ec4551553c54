import { UsageError } from '../errors.ts'
import { kindOf } from '../plain-object.ts'

/** The entity, for mappings that read its fields. @throws UsageError `LEX_ERR_USE_001` for a value without fields */
export function assertEntity<T>(entity: T): T {
  if (typeof entity === 'object' && entity !== null && !Array.isArray(entity)) return entity
  throw new UsageError(`an entity must be an object, not ${kindOf(entity)}`)
}
