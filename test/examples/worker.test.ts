import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/steps.ts'
import { describeExample } from './example.ts'

describeExample('worker')

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
