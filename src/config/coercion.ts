import {
  pathOf,
  type StandardFailure,
  type StandardIssue,
  type StandardResult,
  type StandardSchemaV1,
  type StandardSuccess,
} from '../core/setting/standard-schema.ts'
import { unknownKey, type UnknownKeyIssue } from '../core/setting/schema-node.ts'
import { coercedTexts, expectedSpelling, spells, type CoercedText } from './coerced-text.ts'
import { nodesAlong, type EnvNode, type EnvTree } from './env-tree.ts'
import { leavesOf, toEnvValue } from './env-value.ts'
import { nearestName } from '../core/nearest-name.ts'
import { observeReads } from './observe-reads.ts'
import { advance, toLeaf, useReported, type Leaf } from './readings.ts'
import { validateSafely } from './safe-validation.ts'

/**
 * Validates with a schema whose fields are unknown. The schema first sees every variable as text. If it refuses one, the
 * next reading of that variable is tried: a number, a boolean, JSON, a duration in milliseconds, a list separated by commas.
 * If no reading passes, the issue of the text is reported, or that of a part of the text if the text is JSON. Two more are
 * issues: a key that the schema does not read while it misses one of a similar name, and text that the schema coerces to
 * a value that the text does not spell.
 */
export async function validateWithReadings<T>(
  schema: StandardSchemaV1<unknown, T>,
  tree: EnvTree,
): Promise<StandardSuccess<T> | StandardFailure> {
  const leaves = leavesOf(tree.root).map(toLeaf)
  const trial: Trial<T> = { schema, tree, leaves, respelt: new Set() }
  let result = await validate(trial)
  while (await improve(trial, result)) result = await validate(trial)
  const misspelt = await findMisspelt(trial)
  if (result.issues === undefined) {
    const checked = misspelt.length > 0 ? { issues: [] } : await withSpelledTexts(trial, result)
    return checked.issues === undefined ? checked : { issues: [...misspelt, ...checked.issues] }
  }
  useReported(leaves, result.issues)
  const { issues = [] } = await validate(trial)
  return { issues: [...misspelt, ...issues] }
}

interface Trial<T> {
  readonly schema: StandardSchemaV1<unknown, T>
  readonly tree: EnvTree
  readonly leaves: readonly Leaf[]
  /** Nodes whose key has been spelt as the schema spells it. */
  readonly respelt: Set<EnvNode>
}

function validate<T>({ schema, tree, leaves }: Trial<T>): Promise<StandardResult<T>> {
  return validateSafely(schema, tree, readerOf(leaves))
}

/** Changes a key's spelling or a variable's reading so that the schema may be satisfied; false when it cannot. */
async function improve<T>(trial: Trial<T>, { issues }: StandardResult<T>): Promise<boolean> {
  if (issues !== undefined && (respell(trial, issues) || advance(trial.leaves, issues))) return true
  const meant = (await findMisspelt(trial)).map((issue) => ({
    ...issue,
    path: [...pathOf(issue).slice(0, -1), ...issue.known],
  }))
  return respell(trial, meant)
}

/** Takes over the schema's spelling of keys where it differs from camelCase, each once: two schemas may differ in it. */
function respell<T>({ tree, respelt }: Trial<T>, issues: readonly StandardIssue[]): boolean {
  const before = respelt.size
  for (const issue of issues) {
    const path = pathOf(issue)
    for (const [index, node] of nodesAlong(tree.root, path).slice(1).entries()) {
      const spelling = path[index] ?? node.key
      if (node.key === spelling || respelt.has(node)) continue
      node.key = spelling
      respelt.add(node)
    }
  }
  return respelt.size > before
}

/** The keys that the schema has no use for, where it misses one of nearly that name. */
async function findMisspelt<T>({ schema, tree, leaves }: Trial<T>): Promise<UnknownKeyIssue[]> {
  const objects = await observeReads(schema, toEnvValue(tree.root, readerOf(leaves)).value)
  return objects.flatMap(({ path, given, asked }) => {
    const missing = [...asked].filter((key) => !given.includes(key))
    const unread = given.filter((key) => !asked.has(key))
    return unread.flatMap((key) => {
      const nearest = nearestName(key, missing)
      return nearest === undefined ? [] : [unknownKey([...path, key], [nearest])]
    })
  })
}

/**
 * Makes sure that coerced text spells what it became. `z.coerce.boolean()` makes `'false'` true: such a variable is
 * read as the boolean that it spells, and one that spells none is an issue.
 */
async function withSpelledTexts<T>(trial: Trial<T>, success: StandardSuccess<T>): Promise<StandardResult<T>> {
  const wrong = await blindlyCoerced(trial, success)
  if (wrong.length === 0) return success
  for (const { path, output } of wrong) if (!(output instanceof Date)) readAsSpelled(trial, path, typeof output)
  const result = await validate(trial)
  const left = result.issues === undefined ? await blindlyCoerced(trial, result) : wrong
  return left.length === 0
    ? result
    : { issues: left.map(({ path, output }) => ({ path, message: expectedSpelling(output), holdsNoValue: true })) }
}

function readAsSpelled<T>({ tree, leaves }: Trial<T>, path: readonly string[], type: string): void {
  const node = nodesAlong(tree.root, path)[path.length]
  const leaf = leaves.find((candidate) => candidate.node === node)
  const reading = leaf?.readings.findIndex((value) => typeof value === type) ?? -1
  if (leaf !== undefined && reading >= 0) leaf.reading = reading
}

/** The texts that spell something else than they became, and that the schema would have accepted with any ending. */
async function blindlyCoerced<T>(trial: Trial<T>, { value }: StandardSuccess<T>): Promise<CoercedText[]> {
  const input = toEnvValue(trial.tree.root, readerOf(trial.leaves)).value
  const doubtful = coercedTexts(input, value).filter((coerced) => !spells(coerced))
  const found: CoercedText[] = []
  for (const coerced of doubtful) if (await takesAnyEnding(trial, input, coerced)) found.push(coerced)
  return found
}

/** No schema that reads a text takes this for a part of it. */
const nonsense = '\u{E000}nonsense'

/** A schema that distinguishes texts, such as `z.stringbool()` or one for sizes like `5MB`, refuses nonsense after them. */
async function takesAnyEnding<T>({ schema }: Trial<T>, input: unknown, coerced: CoercedText): Promise<boolean> {
  if (coerced.output instanceof Date) return new Date(coerced.text).getTime() === coerced.output.getTime()
  const { text } = coerced
  if (text.trim() === '') return true
  try {
    const result = await schema['~standard'].validate(replaced(input, coerced.path, text + nonsense))
    return result.issues === undefined
  } catch {
    return false
  }
}

function replaced(value: unknown, [step, ...rest]: readonly string[], text: string): unknown {
  if (step === undefined) return text
  if (Array.isArray(value))
    return value.map((entry, index) => (String(index) === step ? replaced(entry, rest, text) : entry))
  const object = value as Readonly<Record<string, unknown>> // the path was found in it
  return { ...object, [step]: replaced(object[step], rest, text) }
}

function readerOf(leaves: readonly Leaf[]): (node: EnvNode) => unknown {
  const byNode = new Map(leaves.map((leaf) => [leaf.node, leaf]))
  return (node) => {
    const leaf = byNode.get(node)
    return leaf?.readings[leaf.reading]
  }
}
