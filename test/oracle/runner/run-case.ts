import { isLexigramError } from '../../../src/core/errors.ts'
import type { Backend, Command, Reply } from './backend.ts'
import { type Assertion, expectsRefusal, type OracleCase, type Operation } from './case.ts'
import { isRecord, type FreeNames, sameBag, sameKeyOrder, sameList, sameValue } from './compare.ts'
import { isUnordered, nestsUnordered, type LaneTraits } from '../lanes.ts'
import { decode } from './decode.ts'

/**
 * `passed`: as recorded · `wrong`: another answer · `accepted`: answered what had to be refused · `refused`: refused what
 * had to be answered · `crashed`: threw something that is not a typed error · `hung`: did not end in time
 */
export type Verdict = 'passed' | 'wrong' | 'accepted' | 'refused' | 'crashed' | 'hung'

export interface Outcome {
  readonly verdict: Verdict
  /** Passed, though documents list their keys in another order than the recording. */
  readonly otherKeyOrder?: boolean
  readonly detail?: string
}

type Result = { readonly reply: Reply } | { readonly error: unknown }

export async function runCase(oracleCase: OracleCase, backend: Backend, traits: LaneTraits): Promise<Outcome> {
  const results: Result[] = []
  const asserted = new Set(oracleCase.asserts.map((assertion) => assertion.of))
  for (const [index, operation] of oracleCase.ops.entries()) {
    const result = await attempt(backend, toCommand(operation))
    const isSetup = operation.op !== 'command' && !asserted.has(index)
    if ('error' in result && isSetup) return { verdict: verdictOf(result.error), detail: say(result.error) }
    results.push(result)
  }
  let otherKeyOrder = false
  for (const assertion of oracleCase.asserts) {
    const result = results[assertion.of]
    if (result === undefined) throw new Error(`${oracleCase.id} asserts an operation that it does not have`)
    const operation = oracleCase.ops[assertion.of]
    const anyOrder = !traits.naturalOrder && operation?.op === 'command' && isUnordered(operation.cmd)
    const nested = anyOrder && operation?.op === 'command' && nestsUnordered(operation.cmd)
    const free = nested ? anyName : new Set(assertion.ignore_order_in ?? [])
    const outcome = judge({ ...assertion, ...(anyOrder && { ignore_doc_order: true }) }, result, free)
    if (outcome.verdict !== 'passed') return outcome
    otherKeyOrder ||= outcome.otherKeyOrder === true
  }
  return { verdict: 'passed', otherKeyOrder }
}

/** Lists under every name may have another order. */
const anyName = { has: () => true }

function judge(assertion: Assertion, result: Result, free: FreeNames): Outcome {
  if ('error' in result) {
    const verdict = verdictOf(result.error)
    return verdict === 'refused' && expectsRefusal(assertion)
      ? { verdict: 'passed' }
      : { verdict, detail: say(result.error) }
  }
  const { reply } = result
  if (expectsRefusal(assertion)) return { verdict: 'accepted', detail: show(reply.cursor?.firstBatch ?? reply) }
  if (assertion.kind === 'noterror') return { verdict: 'passed' }
  const expected = decode(assertion.expected)
  const actual = Array.isArray(expected) ? reply.cursor?.firstBatch : pick(reply, expected)
  if (!matches(actual, expected, { free, anyOrder: assertion.ignore_doc_order === true })) {
    return { verdict: 'wrong', detail: `expected ${show(expected)}\n     answered ${show(actual)}` }
  }
  return { verdict: 'passed', otherKeyOrder: Array.isArray(expected) && !sameKeyOrder(actual, expected) }
}

function matches(
  actual: unknown,
  expected: unknown,
  { free, anyOrder }: { readonly free: FreeNames; readonly anyOrder: boolean },
): boolean {
  if (!Array.isArray(actual) || !Array.isArray(expected)) return sameValue(actual, expected, free)
  return anyOrder ? sameBag(actual, expected, free) : sameList(actual, expected, free)
}

function pick(reply: Reply, expected: unknown): unknown {
  if (!isRecord(expected)) return reply
  return Object.fromEntries(Object.keys(expected).map((key) => [key, reply[key]]))
}

async function attempt(backend: Backend, command: Command): Promise<Result> {
  try {
    return { reply: await backend.command(command) }
  } catch (error) {
    return { error }
  }
}

function toCommand(operation: Operation): Command {
  switch (operation.op) {
    case 'insert':
      return { insert: operation.coll, documents: decode(operation.docs) }
    case 'create':
      return { create: operation.coll }
    case 'createIndex': {
      const options = Object.fromEntries(Object.entries(operation.opts).map(([name, text]) => [name, option(text)]))
      return { createIndexes: operation.coll, indexes: [{ key: Object.fromEntries(operation.keys), ...options }] }
    }
    case 'command':
    default:
      return decode(operation.cmd) as Command
  }
}

/** Index options were recorded as Python wrote them. */
function option(text: string): unknown {
  if (text === 'True' || text === 'False') return text === 'True'
  return Number.isNaN(Number(text)) ? text : Number(text)
}

function verdictOf(error: unknown): Verdict {
  return isLexigramError(error) ? 'refused' : 'crashed'
}

function say(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return isLexigramError(error) ? `${error.code} ${error.message}` : (error.stack ?? error.message)
}

export function show(value: unknown): string {
  const text = JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner))
  return text === undefined ? 'nothing' : text
}
