import { faults, type Fault, type FaultProxy } from './fault-proxy.ts'
import { withLimit } from './hang.ts'

/** What a caller learned; of what is done in parts, how many rows are there. */
export type Outcome = 'done' | 'not done' | 'unknown' | `part: ${number}` | `unexpected ${string}`

export interface RunOptions {
  readonly kind: string
  readonly key: string
  /** Aborts the operation after so many milliseconds; 0 never. */
  readonly abortAfter: number
}

/** What an operation leaves when it was done. */
export interface CampaignOperation {
  readonly rows: number
  /** Whether some of it may stay when its end is not known. @default false */
  readonly inParts?: boolean
}

export interface CampaignOptions {
  readonly proxy: FaultProxy
  readonly operations: Readonly<Record<string, CampaignOperation>>
  /** Those that the protocol can have. @default all */
  readonly spoiled?: readonly Fault[]
  readonly run: (options: RunOptions) => Promise<Outcome>
  /** How many rows of each key there are, once nothing runs any more. */
  readonly count: () => Promise<ReadonlyMap<string, number>>
  readonly size: number
  /** How many operations there are at a time. @default 16 */
  readonly concurrency?: number
  readonly seed: number
  /** No operation may take longer, in milliseconds. */
  readonly limitMs: number
}

/** How often the answer to a caller was untrue, and how often there was which answer. */
export interface CampaignReport {
  readonly acknowledgedButAbsent: readonly string[]
  readonly doubled: readonly string[]
  readonly partial: readonly string[]
  readonly notDoneButPresent: readonly string[]
  readonly hung: readonly string[]
  readonly unexpected: readonly string[]
  readonly outcomes: Readonly<Record<string, number>>
}

/** Runs operations while exchanges are spoiled at random, and compares the answers with what is stored. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const { operations, spoiled = Object.values(faults), concurrency = 16 } = options
  const kinds = Object.keys(operations)
  const random = randomFrom(options.seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const told = new Map<string, { readonly kind: string; readonly outcome: Outcome }>()
  const hung: string[] = []
  options.proxy.choose = () => (random() < 0.75 ? faults.none : pick(spoiled))

  let next = 0
  const work = async (): Promise<void> => {
    while (next < options.size) {
      const kind = pick(kinds)
      const key = `${next++} ${kind}`
      const abortAfter = random() < 0.1 ? 1 + Math.floor(random() * 40) : 0
      const outcome = await withLimit(options.run({ kind, key, abortAfter }), options.limitMs)
      if (outcome === undefined) hung.push(key)
      else told.set(key, { kind, outcome })
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  options.proxy.choose = () => faults.none
  // What a peer that was cut off still holds, such as a transaction, ends when the network does.
  options.proxy.dropConnections()
  return { ...compare(told, await options.count(), operations), hung }
}

function compare(
  told: ReadonlyMap<string, { readonly kind: string; readonly outcome: Outcome }>,
  stored: ReadonlyMap<string, number>,
  operations: CampaignOptions['operations'],
): Omit<CampaignReport, 'hung'> {
  const outcomes: Record<string, number> = {}
  const found = {
    acknowledgedButAbsent: [] as string[],
    doubled: [] as string[],
    partial: [] as string[],
    notDoneButPresent: [] as string[],
    unexpected: [] as string[],
  }
  for (const [key, { kind, outcome }] of told) {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    const { rows: wanted, inParts = false } = operations[kind] ?? { rows: 0 }
    const there = stored.get(key) ?? 0
    if (outcome.startsWith('part: ')) {
      const told = Number(outcome.slice('part: '.length))
      if (there < told) found.acknowledgedButAbsent.push(key)
      if (there > told) found.notDoneButPresent.push(key)
    } else if (there > wanted) found.doubled.push(key)
    else if (there > 0 && there < wanted && !(inParts && outcome === 'unknown')) found.partial.push(key)
    if (outcome === 'done' && there < wanted) found.acknowledgedButAbsent.push(key)
    if (outcome === 'not done' && there > 0) found.notDoneButPresent.push(key)
    if (outcome.startsWith('unexpected')) found.unexpected.push(`${key}: ${outcome}`)
  }
  return { ...found, outcomes }
}

/** mulberry32: the same numbers for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
