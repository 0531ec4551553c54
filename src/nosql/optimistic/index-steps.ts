import type { DriverContext } from '../contract/context.ts'
import type { IndexModel } from '../contract/index-model.ts'
import { WriteConflictError } from '../errors.ts'
import { sameIndex } from '../contract/index-model.ts'
import type { CatalogIndex } from './catalog-record.ts'
import { changeIndex } from './change-index.ts'
import { claim, newLease, outlast, step, type IndexTask } from './index-lease.ts'

/** What a driver does for an index that is made or dropped. Each may be called again after it was interrupted. */
export interface IndexWork {
  /**
   * Indexes the documents that were there before, from `cursor` on, which is undefined at first. Each value is where to
   * go on and how many documents have been dealt with. Writers keep the index up meanwhile.
   *
   * Absent where writers have nothing to keep up: such an index is ready at once.
   *
   * @throws DuplicateKeyError for a unique index that the documents break
   */
  readonly fill?: (model: IndexModel, cursor: unknown, context: DriverContext) => AsyncIterable<FillProgress>
  /** Waits until the backend can read through the index. @default it can */
  activate?(model: IndexModel, context: DriverContext): Promise<void>
  /** Removes what the index has left: derived values, locks, the backend's own index. */
  clear(model: IndexModel, context: DriverContext): Promise<void>
}

export interface FillProgress {
  readonly cursor: unknown
  readonly documents: number
}

/** Takes an index from wherever it is to `ready`, or back out when the documents refuse it. */
export async function createInSteps(task: IndexTask, model: IndexModel, work: IndexWork): Promise<void> {
  for (;;) {
    const index = await join(task, model)
    if (index === undefined) continue
    if (index.dropping) await moveOut(task, index, work)
    else if (await moveIn(task, index, work)) return
  }
}

/** Takes an index out. False when there is none of this name. */
export async function dropInSteps(task: IndexTask, name: string, work: IndexWork): Promise<boolean> {
  let found = false
  for (;;) {
    const index = await claim(task, name, (known) => ({
      ...known,
      dropping: true,
      // What readers may use, they must first forget.
      ...(!known.dropping && { state: known.state === 'ready' ? 'backfilled' : known.state, since: task.clock.now() }),
    }))
    if (index === 'none') return found
    found = true
    if (index !== 'leased' && (await moveOut(task, index, work))) return true
  }
}

/** The index under this process's lease, made where there is none. Undefined: ask again, it was another's turn. */
async function join(task: IndexTask, model: IndexModel): Promise<CatalogIndex | undefined> {
  const { clock } = task
  const added: CatalogIndex = {
    model,
    state: 'writing',
    dropping: false,
    since: clock.now(),
    lease: newLease(clock),
    cursor: undefined,
    documents: 0,
  }
  const made = await changeIndex(task, model.name, (known, all) => {
    if (known === undefined) {
      sameIndex(
        model,
        all.filter(({ dropping }) => !dropping).map((other) => other.model),
      )
      return added
    }
    if (!known.dropping) sameIndex(model, [known.model])
    return known
  })
  if (made === added) report(task, added)
  if (made === added || (made?.state === 'ready' && !made.dropping)) return made
  const claimed = await claim(task, model.name, (known) => known)
  return claimed === 'none' || claimed === 'leased' ? undefined : claimed
}

/** True when the index is ready. */
async function moveIn(task: IndexTask, index: CatalogIndex, work: IndexWork): Promise<boolean> {
  const { clock, context } = task
  if (index.state === 'ready') return true
  let { cursor, documents } = index
  if (index.state === 'writing' && work.fill !== undefined) {
    // Until every writer that does not know of the index has forgotten its catalogue; a process that has begun has waited.
    if (cursor === undefined) await outlast(task, index)
    try {
      for await (const progress of work.fill(index.model, cursor, context)) {
        ;({ cursor, documents } = progress)
        await step(task, index, { cursor, documents })
        report(task, { ...index, documents })
      }
    } catch (error) {
      if (isRefusal(error)) await takeBack(task, index, work)
      throw error
    }
    await step(task, index, { state: 'backfilled', since: clock.now(), cursor: undefined, documents })
    report(task, { ...index, state: 'backfilled', documents })
  }
  await work.activate?.(index.model, context)
  await step(task, index, { state: 'ready', since: clock.now(), lease: undefined })
  report(task, { ...index, state: 'ready', documents })
  return true
}

/** Takes an index that is being dropped one state further out. True when it is gone. */
async function moveOut(task: IndexTask, index: CatalogIndex, work: IndexWork): Promise<boolean> {
  const { clock, context } = task
  // Until no reader uses it; then until no writer keeps it.
  if (work.fill !== undefined) await outlast(task, index)
  if (index.state !== 'absent') {
    await step(task, index, { state: 'absent', since: clock.now() })
    return false
  }
  await work.clear(index.model, context)
  await changeIndex(task, index.model.name, () => undefined)
  return true
}

/** An index that the documents refuse: no reader has used it. */
async function takeBack(task: IndexTask, index: CatalogIndex, work: IndexWork): Promise<void> {
  const { clock } = task
  const out = { dropping: true, state: 'absent', since: clock.now() } as const
  await step(task, index, out)
  await moveOut(task, { ...index, ...out }, work)
}

/** What speaks against the index, as opposed to what has interrupted the work. */
function isRefusal(error: unknown): boolean {
  if (error instanceof WriteConflictError) return false
  const status: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'status') : undefined
  return status === 409 || status === 422
}

function report({ context }: IndexTask, { state, documents }: CatalogIndex): void {
  context.onProgress?.({ state, documents })
}
