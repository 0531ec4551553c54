import type { ReleaseFacts } from './facts.ts'

/** Why this cannot be released from a person's machine, each with what to do; nothing when it can. */
export function releaseProblems(facts: ReleaseFacts): readonly string[] {
  const { branch, changed, tags, hasOrigin } = facts
  const tag = tagOf(facts)
  return [
    ...publishProblems(facts),
    ...(branch === 'main' ? [] : [`this is ${branch === '' ? 'no branch' : branch}: release from main`]),
    ...(changed.length === 0 ? [] : [`not committed: ${changed.join(', ')}`]),
    ...(tags.includes(tag)
      ? [`${tag} exists: raise the version in package.json (npm version patch --no-git-tag-version)`]
      : []),
    ...(hasOrigin ? [] : ['there is no remote "origin" to push the tag to']),
  ]
}

/** Why this cannot be published under a tag, wherever that is done from. */
export function publishProblems(
  { manifest, lockVersion, changelog }: ReleaseFacts,
  tag = tagOf({ manifest }),
): readonly string[] {
  const { version } = manifest
  return [
    ...(tag === `v${version}` ? [] : [`the tag ${tag} is not that of version ${version}`]),
    ...(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version) ? [] : [`${version} is not a version`]),
    ...(lockVersion === version ? [] : [`package-lock.json is of ${lockVersion}: run npm install`]),
    ...(manifest['private'] === true ? ['package.json says that the package is private'] : []),
    ...(hasRepository(manifest['repository'])
      ? []
      : [
          'package.json has no repository with a url: provenance says where a package was built, and npm compares the two. It is filled in where the origin is on the web',
        ]),
    ...changelogProblems(changelog, version),
  ]
}

export const tagOf = ({ manifest }: Pick<ReleaseFacts, 'manifest'>): string => `v${manifest.version}`

function changelogProblems(changelog: string, version: string): string[] {
  const sections = changelog.split(/^(?=## )/m).slice(1)
  const titles = sections.map((section) => section.split('\n', 1)[0]?.slice(3).trim() ?? '')
  const at = titles.findIndex((title) => title.split(' ', 1)[0] === version)
  const title = titles[at]
  const problems = titles
    .filter((other) => /^\[?unreleased/i.test(other))
    .map((other) => `CHANGELOG.md has a section "${other}": its lines belong to ${version}`)
  if (title === undefined) return [...problems, `CHANGELOG.md has no section "## ${version} - ${today()}"`]
  if (at > 0 && problems.length === 0) problems.push(`CHANGELOG.md has ${titles[0]} above ${version}`)
  if (!/^\S+ - \d{4}-\d{2}-\d{2}$/.test(title)) {
    problems.push(`CHANGELOG.md does not say when ${version} is released: make it "## ${version} - ${today()}"`)
  }
  const lines =
    sections[at]
      ?.split('\n')
      .slice(1)
      .filter((line) => line.trim() !== '' && !line.startsWith('#')) ?? []
  if (lines.length === 0) problems.push(`CHANGELOG.md says nothing about ${version}`)
  return problems
}

const today = (): string => new Date().toISOString().slice(0, 10)

function hasRepository(repository: unknown): boolean {
  // package.json is written by people.
  const url = typeof repository === 'string' ? repository : (repository as { url?: unknown } | undefined)?.url
  return typeof url === 'string' && url !== ''
}
