import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { compatibilityDate } from '../../tools/runtimes/workerd.ts'
import { dryRunDeployment } from '../../tools/runtimes/wrangler.ts'
import { codeBlocksOf, documents } from './code-blocks.ts'

const folder = join(root, '.lexigram', 'docs-wrangler')
const configurations = documents().flatMap((document) => {
  const blocks = codeBlocksOf(document)
  return blocks.flatMap((block, index) => {
    if (!block.words.includes('wrangler')) return []
    const program = blocks.slice(0, index).findLast(({ language }) => language === 'ts')
    return [{ place: `${document}:${block.line}`, code: block.code, program: program?.code ?? '' }]
  })
})

describe('wrangler’s configuration in documents', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(configurations)('$place deploys the program before it, as far as that can be checked', async (block) => {
    mkdirSync(folder, { recursive: true })
    const given = JSON.parse(block.code) as Record<string, unknown>
    const config = { name: 'documented', main: 'main.ts', compatibility_date: compatibilityDate, ...given }
    writeFileSync(join(folder, 'wrangler.json'), JSON.stringify(config))
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json' }))
    // A caller of another Worker's RPC exports no class.
    const main = block.program.includes('export default')
      ? block.program
      : 'export default { fetch: () => new Response() }'
    writeFileSync(join(folder, 'main.ts'), main)
    const output = await dryRunDeployment(folder, join(folder, 'bundle'))
    expect(output).toContain('--dry-run: exiting now')
    for (const [, binding] of block.code.matchAll(/"(?:name|binding)": "([A-Z]+)"/g)) {
      expect(output).toContain(`env.${binding}`)
    }
  })

  it('is there', () => expect(configurations.length).toBeGreaterThan(0))
})
