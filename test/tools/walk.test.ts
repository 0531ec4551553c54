import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** How many files a reader opens at most. A number goes down with the code, and up only with a reason. */
const most = {
  // With the checks of options and of what a platform passes, and rows whose columns may have any name.
  'a Worker request: fetch, session, select, end': 34,
  'documents: find by a range': 20,
  'documents: find by _id': 20,
  'documents: a repository saves': 35,
  'SQL: a transaction of one statement': 30,
  // With the checks of options.
  'Lambda: an SQS batch of one': 16,
  'container: a scope with an async factory': 7,
}

// In a process of its own: what a test runner makes of modules has other functions.
it('no walk through the package takes more files than its limit', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['tools/commands/walk.ts'])
  const rows = stdout.matchAll(/^ *(?<files>\d+) +\d+ +\d+ +(?<name>.+)$/gm)
  const files = Object.fromEntries(Array.from(rows, ({ groups }) => [groups?.['name'], Number(groups?.['files'])]))
  expect(files).toEqual(
    Object.fromEntries(
      Object.entries(most).map(([name, limit]) => [name, expect.toSatisfy((n) => n > 3 && n <= limit)]),
    ),
  )
})
