export interface Row {
  readonly name: string
  /** Median over the rounds, nanoseconds of CPU per call. */
  readonly median: number
  readonly min: number
  /** Median over the rounds of this case's time divided by the first case's time in the same round. */
  readonly ratio: number
  /** Median over the rounds of this case's time less the first case's time in the same round, nanoseconds. */
  readonly added: number
}

/** CPU time of this process, its garbage collector included: what other processes do does not count. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) * 1000
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

/** The mean over as many runs as that many milliseconds of CPU take, in nanoseconds. Warm up before. */
export async function measureCpu(run: () => unknown, milliseconds: number): Promise<number> {
  const first = run()
  const loop: (run: () => unknown, runs: number) => void | Promise<void> =
    first instanceof Promise ? loopAsync : loopSync
  await first
  const wanted = milliseconds * 1e6
  for (let runs = 1; ;) {
    const start = cpuTime()
    await loop(run, runs)
    const time = cpuTime() - start
    if (time > wanted / 2) return time / runs
    runs = Math.ceil(runs * Math.min(100, (wanted * 0.9) / Math.max(1, time)))
  }
}

/** Keeps V8 from removing results that are not used. */
export let lastResult: unknown

function loopSync(run: () => unknown, runs: number): void {
  for (let i = 0; i < runs; i++) lastResult = run()
}

async function loopAsync(run: () => unknown, runs: number): Promise<void> {
  for (let i = 0; i < runs; i++) lastResult = await run()
}

/** Loops that have called several functions inline none, as little as a server does what a route calls. */
for (const value of [1, '2', undefined, {}, []]) {
  loopSync(() => value, 1000)
  await loopAsync(() => value, 1000)
}

/** Rows from the times of each round; the first case is what the others are compared with. */
export function toRows(times: ReadonlyMap<string, readonly number[]>): Row[] {
  const [base = []] = times.values()
  return [...times].map(([name, values]) => ({
    name,
    median: median(values),
    min: Math.min(...values),
    ratio: median(values.map((value, round) => value / base[round]!)),
    added: median(values.map((value, round) => value - base[round]!)),
  }))
}

export function shuffle<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}
