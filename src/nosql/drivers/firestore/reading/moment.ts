/** The moment that all requests of one read see, or all reads of a transaction: that of the first answer. */
export interface Moment {
  readTime?: string | undefined
  /** The first request is on its way; the others wait for it. */
  first?: Promise<void> | undefined
}

interface TimedAnswer {
  readonly readTime?: string
}

/** @param run gets the members of a request that say when, and asks */
export async function atOneMoment<T extends TimedAnswer>(
  moment: Moment,
  run: (members: TimedAnswer) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  while (moment.readTime === undefined && moment.first !== undefined) await moment.first
  if (moment.readTime !== undefined) return run({ readTime: moment.readTime })
  const running = run({})
  moment.first = running.then(
    (answers) => {
      moment.readTime = answers.findLast(({ readTime }) => readTime !== undefined)?.readTime
      moment.first = undefined
    },
    // The next one is the first.
    () => void (moment.first = undefined),
  )
  await moment.first
  return running
}
