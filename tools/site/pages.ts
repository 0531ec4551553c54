import { globSync } from 'node:fs'
import { posix } from 'node:path'
import { root } from '../commands/steps.ts'

/** A document of the repository, as a page of the site. */
export interface Page {
  /** From the root of the repository: `docs/sql.md`. */
  readonly source: string
  /** From the root of the site: `sql.md`. */
  readonly path: string
}

/** Documents beside `docs/` that a reader of the site is led to. */
const besideDocs: readonly Page[] = [
  { source: 'README.md', path: 'index.md' },
  { source: 'CHANGELOG.md', path: 'changelog.md' },
  { source: 'CONTRIBUTING.md', path: 'contributing.md' },
]

/** Every document that becomes a page. The reference and the list of decisions are generated and have no document. */
export function pages(): Page[] {
  const guides = globSync('docs/**/*.md', { cwd: root })
    .map((source) => source.replaceAll('\\', '/'))
    .toSorted()
    .map((source) => ({ source, path: source.slice('docs/'.length) }))
  return [...besideDocs, ...guides]
}

/**
 * Where a relative link of a document leads on the site: a path from the page, or undefined where the target is a file
 * that has no page.
 */
export function linkOnSite(page: Page, target: string, all: readonly Page[]): string | undefined {
  const file = targetOf(page, target)
  if (file === 'docs/decisions') return posix.relative(posix.dirname(page.path), 'decisions/index.md')
  const found = all.find(({ source }) => source === file)
  return found === undefined ? undefined : posix.relative(posix.dirname(page.path), found.path)
}

/** The file or folder that a relative link of a document means, from the root of the repository. */
export function targetOf({ source }: Page, target: string): string {
  return posix.join(posix.dirname(source), target).replace(/\/$/, '')
}
