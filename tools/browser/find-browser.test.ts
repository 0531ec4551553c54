import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findBrowser } from './find-browser.ts'

const folder = mkdtempSync(join(tmpdir(), 'lexigram-browser-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the browser', () => {
  it('is only the one that CHROMIUM_PATH names', () => {
    const path = join(folder, 'mine')
    expect(findBrowser({ ...process.env, CHROMIUM_PATH: path })).toBeUndefined()
    writeFileSync(path, '', { mode: 0o755 })
    expect(findBrowser({ ...process.env, CHROMIUM_PATH: path })).toBe(path)
  })

  it('is found in PATH by its usual names, if it can be run', () => {
    const path = join(folder, 'chromium')
    writeFileSync(path, '', { mode: 0o644 })
    expect(findBrowser({ PATH: folder })).not.toBe(path)
    rmSync(path)
    writeFileSync(path, '', { mode: 0o755 })
    expect(findBrowser({ PATH: folder })).toBe(path)
  })
})
