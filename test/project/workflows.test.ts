import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'

const files = globSync('.github/workflows/*.yml', { cwd: root })

describe.each(files)('%s', (file) => {
  const uses = readFileSync(join(root, file), 'utf8').match(/(?<=uses: ).*/g) ?? []

  it.each(uses.filter((action) => !action.startsWith('./')))('pins %s by a commit beside its version', (action) => {
    expect(action).toMatch(/^[\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/)
  })
})
