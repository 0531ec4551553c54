import type { Write, WriteContext, WriteOutcome } from '../../../contract/write.ts'
import { batchWrite } from './batch-write.ts'
import { FirestoreFailure } from '../errors.ts'
import { groupsOf, isRepeatable, type Group, type WriteTarget } from '../reading/groups.ts'
import { areApart, commitSize } from './native-writes.ts'
import { failedOutcome, outcomeOf } from './outcomes.ts'
import type { Attempts } from '../transport.ts'

/**
 * All writes in one commit where that is possible; where one of them is in the way of the others, each by itself. What
 * needs no locks and no order is one `batchWrite`, which answers with an outcome for each.
 */
export async function sendWrites(
  target: WriteTarget,
  writes: readonly Write[],
  context: WriteContext,
): Promise<readonly WriteOutcome[]> {
  const { groups, refused } = await groupsOf(target, writes, context)
  if (groups.length === 0) return [...refused.values()]
  const outcomes = await sendGroups(target, groups, context)
  if (refused.size === 0) return outcomes
  // What could not be sent takes its place among the others; where the order counts, it is the last.
  const left = [...outcomes]
  const all: WriteOutcome[] = []
  for (const at of writes.keys()) {
    const outcome = refused.get(at) ?? left.shift()
    if (outcome === undefined) break
    all.push(outcome)
  }
  return all
}

async function sendGroups(
  target: WriteTarget,
  groups: readonly Group[],
  context: WriteContext,
): Promise<readonly WriteOutcome[]> {
  const size = groups.reduce((sum, { natives }) => sum + natives.length, 0)
  const sending: Sending = { context, attempts: { mayBeDone: false } }
  if (groups.length === 1) return [await commitGroup(target, groups, sending)]
  const isOneCommit = areApart(groups.flatMap(({ natives }) => natives))
  if (!context.ordered && isOneCommit && size === groups.length) {
    const outcomes = await batchWrite(target.place, groups, {
      ...sending,
      again: (group, attempts) => commitGroup(target, [group], { context, attempts }),
    })
    if (outcomes !== undefined) return outcomes
  } else if (isOneCommit && size <= commitSize) {
    const outcome = await commitGroup(target, groups, sending)
    if (outcome.kind !== 'conflict') return groups.map(() => outcome)
  }
  if (!context.ordered && isOneCommit) return sideBySide(target, groups, sending)
  return oneByOne(target, groups, sending)
}

interface Sending {
  readonly context: WriteContext
  /** Of all groups together: each goes on with its own. */
  readonly attempts: Attempts
}

async function oneByOne(
  target: WriteTarget,
  groups: readonly Group[],
  { context, attempts }: Sending,
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = []
  for (const group of groups) {
    const outcome = await commitGroup(target, [group], { context, attempts: { ...attempts } })
    outcomes.push(outcome)
    // An attempt at all of them may have stored what is not tried any more.
    if (attempts.mayBeDone && outcome.kind === 'unsure') return groups.map((_, at) => outcomes[at] ?? outcome)
    if (context.ordered && outcome.kind !== 'written') break
  }
  return outcomes
}

/** Commits at the same time. */
const together = 20

async function sideBySide(
  target: WriteTarget,
  groups: readonly Group[],
  { context, attempts }: Sending,
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = []
  for (let from = 0; from < groups.length; from += together) {
    const some = groups.slice(from, from + together)
    const commits = some.map((group) => commitGroup(target, [group], { context, attempts: { ...attempts } }))
    outcomes.push(...(await Promise.all(commits)))
  }
  return outcomes
}

async function commitGroup(
  target: WriteTarget,
  groups: readonly Group[],
  { context, attempts }: Sending,
): Promise<WriteOutcome> {
  const isIdempotent = groups.every(isRepeatable)
  try {
    const writes = groups.flatMap(({ natives }) => natives)
    await target.place.transport.call('commit', { writes }, { context, isIdempotent, attempts })
    return { kind: 'written' }
  } catch (error) {
    const [only, ...others] = groups
    if (only !== undefined && others.length === 0) return outcomeOf(target.place, only, { error, context })
    // One of them is in the way of the others.
    if (error instanceof FirestoreFailure && ofOne.has(error.status)) return { kind: 'conflict' }
    return failedOutcome(error)
  }
}

const ofOne = new Set(['ALREADY_EXISTS', 'FAILED_PRECONDITION', 'INVALID_ARGUMENT', 'NOT_FOUND', 'OUT_OF_RANGE'])
