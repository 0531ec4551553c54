/**
 * The web address of a repository, `https://host/owner/name`.
 *
 * @param repository As package.json or git has it: `{ url }`, `git@host:owner/name.git`, `git+https://…`.
 * @returns undefined for what is not on the web, such as a path
 */
export function webAddress(repository: unknown): string | undefined {
  // package.json is written by people.
  const url = typeof repository === 'string' ? repository : (repository as { url?: unknown } | undefined)?.url
  const found =
    /^(?:git\+)?(?:https:\/\/|ssh:\/\/)?(?:[\w-]+@)?([\w-]+(?:\.[\w-]+)+)(?::\d+)?[:/]([\w./-]+?)(?:\.git)?\/?$/.exec(
      typeof url === 'string' ? url : '',
    )
  return found === null ? undefined : `https://${found[1]}/${found[2]}`
}
