import { kindOf } from '../../../core/plain-object.ts'
import { badValue, inside } from '../../query/refusal.ts'
import { isDocument } from '../../query/value.ts'

/**
 * Refuses what the vendor's codec leaves out in silence: without it, a condition holds for every document. Values of classes
 * are the vendor's to judge.
 *
 * @throws NoSQLFilterError for `undefined`, functions and symbols, however deep
 */
export function assertSendable(value: unknown, at: string): void {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol')
    throw badValue(`the option 'mongodb' cannot hold ${kindOf(value)}`, at)
  if (Array.isArray(value)) for (const [index, element] of value.entries()) assertSendable(element, inside(at, index))
  else if (isDocument(value)) for (const [name, inner] of Object.entries(value)) assertSendable(inner, inside(at, name))
}
