import { isCollection } from '../is-collection.ts'
import type { IndexModel } from '../../nosql/contract/index-model.ts'
import type { IndexedCollection } from '../../nosql/drivers/firestore/deployment/index-file.ts'

/** The collections that an exported value declares: what `defineCollection` returns, migrations, or lists of these. */
export function declaredIn(exported: unknown): readonly IndexedCollection[] {
  if (Array.isArray(exported)) return exported.flatMap(declaredIn)
  if (typeof exported !== 'object' || exported === null) return []
  if (isCollection(exported)) return [exported]
  const { definition } = exported as Readonly<Record<string, unknown>>
  const { collection, index } = (definition ?? {}) as { readonly collection?: unknown; readonly index?: unknown }
  if (typeof collection !== 'string' || typeof index !== 'object' || index === null) return []
  return [{ name: collection, indexes: [index as IndexModel] }] // made by CreateIndex
}
