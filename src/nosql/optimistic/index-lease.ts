import type { DriverContext } from '../contract/context.ts'
import type { IndexContext } from '../contract/driver-collection.ts'
import { TimeoutError } from '../../core/errors.ts'
import type { CatalogIndex, CatalogStorage } from './catalog-record.ts'
import { changeIndex } from './change-index.ts'

/** Time, as the steps of an index take it. */
export interface StepClock {
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  /** Tells this process from others. */
  readonly owner: string
  /** How long an index stays in a state at least, in milliseconds. */
  readonly stateLasts: number
}

/** Where an index is worked on. */
export interface IndexTask {
  readonly storage: CatalogStorage<DriverContext>
  readonly clock: StepClock
  readonly collection: string
  readonly context: IndexContext
  /** Called after each change of the record. */
  readonly changed: (collection: string) => void
}

/** Takes the lease of an index, and changes it. Waits a moment where another process has it. */
export async function claim(
  task: IndexTask,
  name: string,
  change: (known: CatalogIndex) => CatalogIndex,
): Promise<CatalogIndex | 'none' | 'leased'> {
  const { clock } = task
  let answer: CatalogIndex | 'none' | 'leased' = 'none'
  await changeIndex(task, name, (known) => {
    if (known === undefined) {
      answer = 'none'
      return undefined
    }
    if (known.lease !== undefined && known.lease.owner !== clock.owner && known.lease.until > clock.now()) {
      answer = 'leased'
      return known
    }
    const next = change(known)
    // The previous holder of the lease may have another clock: the state has lasted from now on at least.
    const since = known.lease === undefined || known.lease.owner === clock.owner ? next.since : clock.now()
    answer = { ...next, since, lease: newLease(clock) }
    return answer
  })
  // TypeScript does not see that the callback has run.
  const found = answer as CatalogIndex | 'none' | 'leased'
  if (found === 'leased') await pause(task, clock.stateLasts / 10)
  return found
}

/** Waits until the state has lasted long enough, keeping the lease. */
export async function outlast(task: IndexTask, index: CatalogIndex): Promise<void> {
  const { clock } = task
  const end = index.since + clock.stateLasts
  while (clock.now() < end) {
    await pause(task, Math.min(clock.stateLasts / 3, end - clock.now()))
    await step(task, index, {})
  }
}

/** Writes what has changed and renews the lease. @throws TimeoutError when another process has taken over */
export async function step(task: IndexTask, { model }: CatalogIndex, change: Partial<CatalogIndex>): Promise<void> {
  const { clock } = task
  await changeIndex(task, model.name, (known) => {
    if (known === undefined || (known.lease !== undefined && known.lease.owner !== clock.owner)) {
      throw new TimeoutError(
        'the index cannot be built here: another process took it over, because this one did not renew its lease',
        {
          hint: 'Call createIndex again to wait for it.',
        },
      )
    }
    return { ...known, lease: newLease(clock), ...change }
  })
}

export function newLease({ owner, now, stateLasts }: StepClock): { readonly owner: string; readonly until: number } {
  return { owner, until: now() + stateLasts }
}

async function pause({ clock, context }: IndexTask, milliseconds: number): Promise<void> {
  context.signal?.throwIfAborted()
  if (context.deadline !== undefined && clock.now() + milliseconds >= context.deadline) {
    throw new TimeoutError('the index cannot be ready in time: no time is left to wait for it', {
      hint: 'Call createIndex again with more time: it goes on where it was.',
    })
  }
  await clock.sleep(milliseconds)
  context.signal?.throwIfAborted()
}
