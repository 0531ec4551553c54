/** What package.json says about where the package lives. */
export interface Address {
  readonly homepage: string
  readonly bugs: string
  readonly repository: { readonly type: 'git'; readonly url: string }
}

/**
 * The web address of a repository, `https://host/owner/name`.
 *
 * @param repository As package.json or git has it: `{ url }`, `git@host:owner/name.git`, `git+https://…`.
 * @returns undefined for what is not on the web, such as a path
 */
export function webAddress(repository: unknown): string | undefined {
  // package.json is written by people.
  const url = typeof repository === 'string' ? repository : (repository as { url?: unknown } | undefined)?.url
  const [, host, path] = ADDRESS.exec(typeof url === 'string' ? url : '') ?? []
  return host === undefined || path === undefined ? undefined : `https://${host}/${path}`
}

const ADDRESS =
  /^(?:git\+)?(?:(?:https|ssh):\/\/)?(?:[\w-]+@)?([\w-]+(?:\.[\w-]+)+)(?::\d+\/|[:/])([\w.-]+(?:\/[\w.-]+?)+?)(?:\.git)?\/?$/

function addressFields(address: string): Address {
  return {
    homepage: `${address}#readme`,
    bugs: `${address}/issues`,
    repository: { type: 'git', url: `git+${address}.git` },
  }
}

/** The text of a package.json with its address around `license`, where the formatter wants it. What it has already stays. */
export function withAddress(manifest: Readonly<Record<string, unknown>>, address: string): string {
  const { homepage, bugs, repository, license }: Record<string, unknown> = { ...addressFields(address), ...manifest }
  const around: Readonly<Record<string, unknown>> = { homepage, bugs, license, repository }
  const entries = Object.entries({ ...manifest, license })
  const placed = entries.flatMap<[string, unknown]>(([key, value]) => {
    if (key === 'license') return Object.entries(around)
    return key in around ? [] : [[key, value]]
  })
  return `${JSON.stringify(Object.fromEntries(placed), undefined, 2)}\n`
}
