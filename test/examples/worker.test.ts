import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startExample, type Example } from '../../tools/example.ts'
import { root } from '../../tools/steps.ts'
import { describeCatalogue } from './catalogue.ts'

let example: Example
beforeAll(async () => {
  example = await startExample()
})
afterAll(() => example.stop())

describeCatalogue('Workers, over Neon’s protocols', (path, init) => fetch(new URL(path, example.url), init))

describe('wrangler.toml', () => {
  it('deploys, as far as that can be told without an account', async () => {
    const wrangler = join(root, 'node_modules/.bin/wrangler')
    const { stdout } = await promisify(execFile)(
      wrangler,
      ['deploy', '--dry-run', '--outdir', join(root, '.lexigram/dry-run')],
      {
        cwd: root,
        env: {
          ...process.env,
          PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`,
          CI: '1',
          WRANGLER_SEND_METRICS: 'false',
        },
      },
    )
    expect(stdout).toContain('--dry-run: exiting now')
  })
})
