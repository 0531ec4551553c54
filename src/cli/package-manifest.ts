import { readFileSync } from 'node:fs'

/** What the command line has to know of this package. */
export interface PackageManifest {
  readonly name: string
  readonly version: string
  readonly engines: { readonly node: string }
  readonly peerDependencies: Readonly<Record<string, string>>
}

/** Read at run time: the file lies above `src/cli` in the repository and above `dist/src/cli` in the package. */
export function packageManifest(): PackageManifest {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const content = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as PackageManifest
      if (content.name === 'lexigram-edge') return content
    } catch {
      // Not at this place.
    }
  }
  throw new Error('the package.json of lexigram-edge cannot be found')
}
