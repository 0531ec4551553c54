import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import type { DocumentsName, SqlName } from '../../tools/runtimes/databases.ts'
import { startExample } from '../../tools/runtimes/example.ts'
import type { RuntimeName } from '../../tools/runtimes/launchers.ts'
import type { Running } from '../../tools/runtimes/runtime.ts'
import { describeCatalogue, type Send } from './catalogue.ts'

/** The example under test. */
export interface ExampleUnderTest {
  readonly send: Send
  /** What it has printed, and what was done to start it. */
  readonly printed: readonly string[]
}

/**
 * What `npm start -- --runtime=…` runs: the catalogue, and what else there is to say of this runtime.
 *
 * @param options.missing Why it cannot run here. @default it can
 */
export function describeExample(
  runtime: RuntimeName,
  others: (example: ExampleUnderTest) => void = () => {},
  options: { readonly missing?: string | undefined; readonly documents?: DocumentsName; readonly sql?: SqlName } = {},
): void {
  const { missing, documents = 'memory', sql = 'neon' } = options
  describe.skipIf(missing !== undefined)(`examples/${runtime}${missing === undefined ? '' : ` (${missing})`}`, () => {
    const printed: string[] = []
    let running: Running
    // Without a folder, pglite would forget its migrations.
    const folder = sql === 'pglite' ? mkdtempSync(join(tmpdir(), 'lexigram-example-')) : undefined
    beforeAll(async () => {
      const progress = (line: string): void => void printed.push(line)
      running = await startExample({ runtime, documents, sql, progress, ...(folder !== undefined && { folder }) })
    })
    afterAll(async () => {
      await running.stop()
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    })

    const send: Send = (path, init) => fetch(new URL(path, running.url), init)
    describeCatalogue(`${runtime}, over ${sql} and ${documents}`, send)
    others({ send, printed })
  })
}
