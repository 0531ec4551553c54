import type { ContainerIssue } from '../../container/errors.ts'
import type { Provider, RegistrationChoice } from '../../runtime/provider.ts'

/** One choice for each provider that has some. */
export type Combination = ReadonlyMap<Provider, RegistrationChoice>

/** Every way to choose. */
export function combinationsOf(providers: readonly Provider[]): readonly Combination[] {
  return providers.reduce<readonly Combination[]>(
    (combinations, provider) =>
      combinations.flatMap((combination) =>
        (provider.choices ?? []).map((choice) => new Map([...combination, [provider, choice]])),
      ),
    [new Map()],
  )
}

/** Each issue once. One that only some choices have names them. */
export function joinIssues(
  combinations: readonly Combination[],
  found: readonly (readonly ContainerIssue[])[],
): ContainerIssue[] {
  const joined = new Map<string, { readonly issue: ContainerIssue; readonly by: Set<Combination> }>()
  combinations.forEach((combination, index) => {
    for (const issue of found[index] ?? []) {
      const key = JSON.stringify([issue.kind, issue.path, issue.message])
      const entry = joined.get(key) ?? { issue, by: new Set<Combination>() }
      joined.set(key, entry)
      entry.by.add(combination)
    }
  })
  return [...joined.values()].map(({ issue, by }) => {
    const choices = decisiveChoices([...by])
    return choices === '' ? issue : { ...issue, message: `${issue.message} [with ${choices}]` }
  })
}

/** What the combinations have in common that others have not. */
function decisiveChoices(combinations: readonly Combination[]): string {
  const providers = [...(combinations[0]?.keys() ?? [])]
  return providers
    .flatMap((provider) => {
      const names = new Set(combinations.map((combination) => combination.get(provider)?.name))
      return names.size < (provider.choices?.length ?? 0) ? [`${provider.name}: ${[...names].join(' or ')}`] : []
    })
    .join(', ')
}
