import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readReleaseFacts, type ReleaseFacts } from './facts.ts'
import { tagOf } from './problems.ts'
import { buildTarball } from './packed-release.ts'
import { output } from '../runtimes/run-program.ts'

export interface ReleaseStep {
  /** The description of the step, after "would". */
  readonly does: string
  /** @throws Error that says why the release ends here */
  readonly run: () => Promise<void> | void
}

/** What a release is made of. The last step is the only one that others see. */
export function releaseSteps(facts: ReleaseFacts): readonly ReleaseStep[] {
  const { folder, commit } = facts
  const tag = tagOf(facts)
  const git = (...args: readonly string[]) => output('git', args, folder)
  return [
    testStep(facts),
    packStep(facts),
    {
      does: `make sure that nothing has changed since ${commit.slice(0, 8)}`,
      async run() {
        const now = await readReleaseFacts(folder)
        if (now.commit === commit && now.changed.length === 0) return
        throw new Error(`the checkout has changed: ${now.changed.join(', ') || now.commit}`)
      },
    },
    {
      does: `git tag --annotate ${tag}`,
      run: async () => void (await git('tag', '--annotate', tag, '--message', tag)),
    },
    {
      does: `git push --atomic origin main ${tag}`,
      run: async () => {
        try {
          await git('push', '--atomic', 'origin', 'main', tag)
        } catch (error) {
          await git('tag', '--delete', tag)
          throw error
        }
      },
    },
  ]
}

/** Packs what is to be published, and says where it is. */
export function packStep({ folder, manifest }: ReleaseFacts): ReleaseStep {
  return {
    does: 'build, pack, and check the tarball with publint and are-the-types-wrong',
    run: async () => console.log(`  ${await buildTarball(folder, manifest)}`),
  }
}

/** A commit that has passed needs not pass again when a later step has failed. */
function testStep({ folder, commit }: ReleaseFacts): ReleaseStep {
  const passed = join(folder, '.lexigram', 'release-tested')
  if (existsSync(passed) && readFileSync(passed, 'utf8') === commit) {
    return { does: `rely on npm test, which ${commit.slice(0, 8)} has passed here`, run: () => {} }
  }
  return {
    does: 'npm test',
    run() {
      const { status } = spawnSync('npm', ['test'], { cwd: folder, stdio: 'inherit' })
      if (status !== 0) throw new Error('npm test has failed')
      mkdirSync(dirname(passed), { recursive: true })
      writeFileSync(passed, commit)
    },
  }
}
