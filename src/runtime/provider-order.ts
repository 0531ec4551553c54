import type { Provider } from './provider.ts'
import { UsageError } from '../core/errors.ts'

/**
 * Providers in boot order, in levels: those of one level may boot at the same time. A level holds the ready providers
 * of the lowest priority number. Throws `LEX_ERR_USE_001` for a name used twice, an unknown dependency or a cycle.
 */
export function bootLevels(providers: readonly Provider[]): readonly (readonly Provider[])[] {
  const byName = new Map<string, Provider>()
  for (const provider of providers) {
    if (byName.has(provider.name)) {
      throw new UsageError(`two providers cannot have the same name ${provider.name}`, {
        hint: "List it once in the application's providers, or give one another name.",
      })
    }
    byName.set(provider.name, provider)
  }
  for (const provider of providers) {
    const unknown = provider.dependsOn?.find((name) => !byName.has(name))
    if (unknown === undefined) continue
    throw new UsageError(`provider ${provider.name} cannot depend on ${unknown}: it is not listed`, {
      hint: `Add ${unknown} to the application's providers.`,
    })
  }
  const levels: Provider[][] = []
  const waiting = new Set(providers)
  const done = new Set<string>()
  while (waiting.size > 0) {
    const ready = [...waiting].filter((provider) => (provider.dependsOn ?? []).every((name) => done.has(name)))
    if (ready.length === 0) {
      throw new UsageError(
        `providers cannot depend on each other: ${[...waiting].map((provider) => provider.name).join(', ')}`,
      )
    }
    const lowest = Math.min(...ready.map(priorityOf))
    const level = ready.filter((provider) => priorityOf(provider) === lowest)
    for (const provider of level) {
      waiting.delete(provider)
      done.add(provider.name)
    }
    levels.push(level)
  }
  return levels
}

function priorityOf(provider: Provider): number {
  return provider.priority ?? 50
}
