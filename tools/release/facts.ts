import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { webAddress } from './address.ts'
import { output } from '../runtimes/run-program.ts'

/** What a release depends on, as it is in a checkout. */
export interface ReleaseFacts {
  readonly folder: string
  readonly manifest: Readonly<Record<string, unknown>> & { readonly name: string; readonly version: string }
  readonly lockVersion: string | undefined
  readonly changelog: string
  readonly branch: string
  readonly commit: string
  /** Files that differ from the commit. */
  readonly changed: readonly string[]
  /** Here, and where they are pushed to. */
  readonly tags: readonly string[]
  /** Whether there is somewhere to push to. */
  readonly hasOrigin: boolean
  /** Where that is on the web, if it is: `https://host/owner/name`. */
  readonly address: string | undefined
}

/** Reads the checkout in a folder, and the tags of its origin. */
export async function readReleaseFacts(folder: string): Promise<ReleaseFacts> {
  const git = async (...args: readonly string[]) => linesOf(await output('git', args, folder))
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const hasOrigin = (await git('remote')).includes('origin')
  const remote = hasOrigin ? await git('ls-remote', '--tags', 'origin') : []
  // A checkout of a commit or a tag is on no branch.
  const [branch = ''] = await git('branch', '--show-current')
  const [commit = ''] = await git('rev-parse', 'HEAD')
  return {
    folder,
    // npm writes both files.
    manifest: JSON.parse(read('package.json')) as ReleaseFacts['manifest'],
    lockVersion: (JSON.parse(read('package-lock.json')) as { version?: string }).version,
    changelog: read('CHANGELOG.md'),
    branch,
    commit,
    changed: (await git('status', '--porcelain')).map((line) => line.slice(3)),
    tags: [...(await git('tag')), ...remote.map((line) => line.replace(/^.*refs\/tags\//, '').replace(/\^\{\}$/, ''))],
    hasOrigin,
    address: hasOrigin ? webAddress((await git('config', '--get', 'remote.origin.url'))[0]) : undefined,
  }
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
