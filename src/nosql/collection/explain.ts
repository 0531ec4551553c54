import type { Explanation } from '../contract/explanation.ts'
import type { GivenFindOptions } from './checks/operation-options.ts'
import { open, type CollectionScope } from './collection-scope.ts'
import { findQuery } from './find.ts'
import { planOf } from './plan-query.ts'

/** What a find with these arguments would do; they are checked as those of a find. */
export async function explain(
  scope: CollectionScope,
  filter: unknown,
  options: GivenFindOptions,
): Promise<Explanation> {
  const query = findQuery(scope, filter, options)
  const collection = await open(scope, options)
  const context = { ...scope, options: { ...options, scans: 'allow' } as const }
  return (await planOf(context, collection, query)).plan.explain()
}
