import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { dryRunDeployment } from '../../tools/runtimes/wrangler.ts'
import { describeExample } from './example.ts'

describeExample('worker')

describe('wrangler.toml', () => {
  it('deploys, as far as that can be checked without an account', async () => {
    expect(await dryRunDeployment(root)).toContain('--dry-run: exiting now')
  })
})
