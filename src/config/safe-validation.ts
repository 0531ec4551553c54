import type { StandardIssue, StandardResult, StandardSchemaV1 } from '../core/setting/standard-schema.ts'
import type { EnvNode, EnvTree } from './env-tree.ts'
import { leavesOf, toEnvValue } from './env-value.ts'

/** The value of a variable as the schema shall see it. */
export type ReadNode = (node: EnvNode) => unknown

/**
 * Validates what the variables of a tree amount to. A schema that throws, as `transform(JSON.parse)` does, has its
 * error replaced by an issue for each variable at fault: the error may hold the value, in its message or its cause.
 */
export async function validateSafely<T>(
  schema: StandardSchemaV1<unknown, T>,
  tree: EnvTree,
  read: ReadNode,
): Promise<StandardResult<T>> {
  const { value } = toEnvValue(tree.root, read)
  const outcome = await attempt(schema, value)
  if ('failure' in outcome) return { issues: await blame(schema, tree, read) }
  if (outcome.issues === undefined || value !== undefined) return outcome
  // Of this section nothing is set: it may have a default for each of its keys.
  const empty = await attempt(schema, {})
  return 'failure' in empty ? outcome : empty
}

/** Finds the variables that make the schema throw when each is the only one that is set. */
async function blame(schema: StandardSchemaV1, tree: EnvTree, read: ReadNode): Promise<StandardIssue[]> {
  const withOnly = (only?: EnvNode) => toEnvValue(tree.root, (node) => (node === only ? read(node) : undefined)).value
  const always = await attempt(schema, withOnly())
  if ('failure' in always) return [{ message: `cannot be read: the schema throws whatever is set`, path: [] }]
  const issues: StandardIssue[] = []
  for (const { node, path } of leavesOf(tree.root)) {
    const outcome = await attempt(schema, withOnly(node))
    if ('failure' in outcome) issues.push({ message: describe(outcome.failure), path })
  }
  return issues.length > 0 ? issues : [{ message: 'cannot be read: the schema throws on these values', path: [] }]
}

/** Says what kind of error it was and nothing of its message. */
function describe(failure: unknown): string {
  if (failure instanceof SyntaxError) return 'is not valid JSON, or not the syntax that the schema reads'
  return 'cannot be read: the schema throws on this value'
}

async function attempt<T>(
  schema: StandardSchemaV1<unknown, T>,
  value: unknown,
): Promise<StandardResult<T> | { readonly failure: unknown }> {
  try {
    return await schema['~standard'].validate(value)
  } catch (failure) {
    return { failure }
  }
}
