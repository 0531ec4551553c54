import type { DriverContext } from '../../../contract/context.ts'
import { UnsupportedOperationError } from '../../../errors.ts'
import type { Item } from '../codec/attribute-values.ts'
import { DynamoFailure } from '../errors.ts'
import { assertItemFits, itemBytes, mostItemBytes } from '../codec/item-bytes.ts'
import type { Refusal, Step } from './steps.ts'
import type { Client } from '../transport/transport.ts'

/** Actions of one `TransactWriteItems`, and the bytes of their items. */
export const mostActions = 100
const mostBytes = 4 * 2 ** 20

/** How often steps are sent with others in their place. */
const mostRounds = 5

/**
 * All steps in one `TransactWriteItems`, or none of them.
 *
 * @param token the same for every time that these steps are sent, so that they are carried out once
 * @returns why nothing was done; undefined when everything was
 * @throws DocumentValidationError for an item that is larger than DynamoDB takes
 * @throws UnsupportedOperationError for more than DynamoDB takes at once, before anything is sent
 * @throws DynamoFailure
 */
export async function sendSteps(
  client: Client,
  { steps, token }: { readonly steps: readonly Step[]; readonly token: string },
  context: DriverContext,
): Promise<Exclude<Refusal, { kind: 'instead' }> | undefined> {
  assertFits(steps)
  let now = steps
  for (let round = 1; ; round++) {
    const input = {
      TransactItems: now.map(({ action }) => action),
      // Other steps are another request.
      ClientRequestToken: round === 1 ? token : crypto.randomUUID(),
    }
    try {
      // The token makes a repeated transaction one.
      await client.call('TransactWriteItems', input, { context, isIdempotent: true })
      return undefined
    } catch (error) {
      if (!(error instanceof DynamoFailure)) throw error
      // What is contended may be this very transaction, sent before and not answered.
      if (error.isContention && !error.mayBeDone) return { kind: 'conflict' }
      const refused = now.filter((_, at) => error.reasons[at]?.Code === 'ConditionalCheckFailed')
      if (refused.length === 0) throw error
      const answer = firstOf(refused)
      if (answer !== undefined) return answer
      if (round >= mostRounds) return { kind: 'conflict' }
      now = now.map((step) => (refused.includes(step) ? replaced(step) : step))
    }
  }
}

/** A document that has changed makes everything else moot. */
function firstOf(refused: readonly Step[]): Exclude<Refusal, { kind: 'instead' }> | undefined {
  const reasons = refused.map((step) => step.refused)
  return reasons.find(({ kind }) => kind === 'conflict') === undefined
    ? reasons.find((reason) => reason.kind === 'failed')
    : { kind: 'conflict' }
}

function replaced({ refused, ...step }: Step): Step {
  return refused.kind === 'instead' ? { action: refused.action, refused: { kind: 'conflict' } } : { ...step, refused }
}

/** @throws DocumentValidationError for an item that is larger than DynamoDB takes */
export function assertItemsFit(steps: readonly Step[]): void {
  for (const { action } of steps) if (action['Put'] !== undefined) assertItemFits(action['Put']['Item'] as Item)
}

/** Whether none of them is refused for its size. */
export function itemsFit(steps: readonly Step[]): boolean {
  return steps.every(({ action }) => itemBytes((action['Put']?.['Item'] ?? {}) as Item) <= mostItemBytes)
}

function assertFits(steps: readonly Step[]): void {
  assertItemsFit(steps)
  if (steps.length > mostActions) {
    throw new UnsupportedOperationError(
      `a transaction cannot have ${steps.length} items: DynamoDB takes ${mostActions}, those of indexes and of documents that were read included`,
      { hint: 'Split the work, use fewer indexes, or index arrays with fewer elements.' },
    )
  }
  const bytes = steps.reduce((sum, { action }) => sum + sizeOf(action), 0)
  if (bytes > mostBytes) {
    throw new UnsupportedOperationError(
      `a transaction cannot have ${bytes} bytes: DynamoDB takes ${mostBytes}, those of index entries included`,
      { hint: 'Split the work, or use fewer indexes.' },
    )
  }
}

function sizeOf(action: Step['action']): number {
  const [input] = Object.values(action)
  return itemBytes((input?.['Item'] ?? input?.['Key'] ?? {}) as Item) // both members hold items, by the protocol
}
