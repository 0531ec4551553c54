import { describe, expect, it } from 'vitest'

/**
 * Tests that need a server. Where it is not there they are skipped, and reported by name at the end of `npm test`;
 * with `CI=true` its absence is a failure, because a lane that never runs proves nothing.
 *
 * @param server As it is reported: `PostgreSQL`, `MongoDB (MONGODB_URI)`.
 */
export function describeWithServer(server: string, isThere: boolean, tests: () => void): void {
  const title = `needs ${server}`
  if (!isThere && process.env['CI'] === 'true') {
    describe(title, () => {
      it('has it', () => expect(`${server} is missing`).toBe(`${server} is there`))
    })
    return
  }
  describe.skipIf(!isThere)(title, tests)
}
