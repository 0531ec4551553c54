interface Dependencies {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

export type Manifest = Dependencies

export interface Lock {
  readonly packages: Readonly<Record<string, Dependencies & { readonly version?: string; readonly resolved?: string }>>
}

/**
 * What makes `npm ci` fail, here or on another platform: a lock that does not follow package.json, and dependencies
 * that a package names but the lock does not hold. A registry that lacks another platform's binary makes `npm install`
 * silently drop it from the lock.
 */
export function lockProblems(lock: Lock, manifest: Manifest): string[] {
  const problems: string[] = []
  const own = lock.packages[''] ?? {}
  for (const kind of ['dependencies', 'optionalDependencies', 'devDependencies', 'peerDependencies'] as const) {
    if (!sameEntries(own[kind], manifest[kind])) problems.push(`${kind} differ from package.json: run npm install`)
  }
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of neededBy(path, entry)) {
      if (!isFound(lock, path, name)) problems.push(`${path === '' ? 'package.json' : path} needs ${name}@${range}`)
    }
    if (/^[a-z+]+:\/\/(?:localhost|127\.|10\.|192\.168\.)/.test(entry.resolved ?? '')) {
      problems.push(`${path} is resolved from a local address`)
    }
  }
  return problems
}

function neededBy(path: string, entry: Dependencies): [string, string][] {
  const peers = Object.entries(entry.peerDependencies ?? {}).filter(
    ([name]) => entry.peerDependenciesMeta?.[name]?.optional !== true,
  )
  const development = path === '' ? Object.entries(entry.devDependencies ?? {}) : []
  return [
    ...Object.entries(entry.dependencies ?? {}),
    ...Object.entries(entry.optionalDependencies ?? {}),
    ...development,
    ...peers,
  ]
}

/** Looks as Node does: beside the package, then in each folder above. */
function isFound(lock: Lock, path: string, name: string): boolean {
  for (let base = path; ; base = base.slice(0, Math.max(0, base.lastIndexOf('node_modules/') - 1))) {
    if (lock.packages[`${base === '' ? '' : `${base}/`}node_modules/${name}`] !== undefined) return true
    if (base === '') return false
  }
}

function sameEntries(a: Readonly<Record<string, string>> = {}, b: Readonly<Record<string, string>> = {}): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}
