import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync, copyFileSync, rmSync } from 'node:fs'
import { dirname, join, basename } from 'node:path'
import { readReleaseFacts, type ReleaseFacts } from './facts.ts'
import { tagOf } from './problems.ts'
import { output } from '../runtimes/run-program.ts'
import { packPackage } from './tarball.ts'
import { tarballProblems, type Manifest } from './tarball-problems.ts'

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

/**
 * Builds and packs what is checked out, and checks what came out of it.
 *
 * @returns the tarball's path, below `.lexigram/release`
 * @throws Error that lists what is wrong
 */
async function buildTarball(folder: string, manifest: object): Promise<string> {
  await output('npm', ['run', 'build'], folder)
  using tarball = await packPackage(folder)
  // Its entries are what the tarball is compared with.
  const problems = await tarballProblems(tarball, manifest as Manifest)
  if (problems.length > 0) throw new Error(`this must not be published:\n${problems.join('\n')}`)
  const kept = join('.lexigram', 'release')
  rmSync(join(folder, kept), { recursive: true, force: true })
  mkdirSync(join(folder, kept), { recursive: true })
  const path = join(kept, basename(tarball.path))
  copyFileSync(tarball.path, join(folder, path))
  return path
}
