import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { root } from '../../tools/commands/steps.ts'
import { packPackage, type Tarball } from '../../tools/release/tarball.ts'
import { output } from '../../tools/runtimes/run-program.ts'
import { dataKinds, platforms, type Choices } from '../../tools/create/src/choices.ts'
import { installedProject } from './created-project.ts'

const limit = 300_000

/** npm takes minutes for all: one of them by default, and every one with `EVERY_PROJECT=true`. */
const combinations = platforms.flatMap((platform) => dataKinds.map((data) => ({ platform, data, name: 'my-notes' })))
const chosen: readonly Choices[] =
  process.env['EVERY_PROJECT'] === 'true'
    ? combinations
    : combinations.filter(({ platform, data }) => platform === 'node' && data === 'both')

const reachable = await registryAnswers()
const missing = reachable ? '' : ' (npm’s registry does not answer)'

describe.skipIf(!reachable)(`a new project that npm has installed${missing}`, () => {
  let tarball: Tarball
  beforeAll(async () => {
    tarball = await packPackage(root)
  })
  afterAll(() => tarball[Symbol.dispose]())

  it.each(chosen)(
    'passes its tests with its own dependencies: $platform, $data',
    async (choices) => {
      using project = await installedProject(choices, tarball.path)
      await project.npm('ls', '--all')
      await project.npm('test')
      const installed = join(project.folder, 'node_modules/lexigram-edge/package.json')
      expect(JSON.parse(readFileSync(installed, 'utf8'))).toMatchObject({ version: packageJson.version })
      expect(existsSync(join(project.folder, 'package-lock.json'))).toBe(true)
    },
    limit,
  )
})

/** Whether npm reaches its registry, however it is configured. */
async function registryAnswers(): Promise<boolean> {
  try {
    const options = ['--fetch-retries=0', '--fetch-timeout=10000']
    await output('npm', ['view', `hono@${packageJson.devDependencies.hono}`, 'version', ...options], root)
    return true
  } catch {
    return false
  }
}
