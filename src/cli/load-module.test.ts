import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadModule } from './load-module.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lexigram-edge-module-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('refuses a module that never finishes to load', async () => {
  const path = join(folder, 'stuck.mjs')
  writeFileSync(path, 'await new Promise(() => {})')
  await expect(loadModule(path, { timeoutMs: 50 })).rejects.toMatchObject({
    code: 'LEX_ERR_USE_001',
    message: `the module ${path} cannot be loaded: it did not end within 50 ms`,
  })
})
