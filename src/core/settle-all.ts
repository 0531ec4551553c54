/** Waits until all of this work has settled. Returns the reasons of what failed, in the order of the work; never rejects. */
export async function settleAll(work: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  const outcomes = await Promise.allSettled(work)
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
}
