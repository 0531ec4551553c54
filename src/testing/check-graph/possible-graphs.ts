import { loadSection } from '../../config/load-section.ts'
import type { ContainerIssue } from '../../container/errors.ts'
import type { Section } from '../../core/setting/section.ts'
import type { Token } from '../../core/token.ts'
import type { Application } from '../../runtime/application.ts'
import type { Provider, RuntimeTraits } from '../../runtime/provider.ts'
import { combinationsOf, type Combination } from './combinations.ts'
import { orderOf, readsUnfilledSection, type Sample } from './register-and-seal.ts'

/** The graphs that an application can have, one for each combination of its providers' choices. */
export interface PossibleGraphs {
  readonly providers: readonly Provider[]
  /** What is wrong with the order of providers. */
  readonly order: readonly ContainerIssue[]
  readonly combinations: readonly Combination[]
  readonly sample: Sample
}

/** Goes through the choices that the environment leaves open; without one, through all. */
export async function possibleGraphs(
  app: Application,
  { runtime, env }: { readonly runtime: RuntimeTraits; readonly env?: object | undefined },
): Promise<PossibleGraphs> {
  const sample = { options: app.options, runtime, env: env ?? {}, ...(await sectionsOf(app, env ?? {})) }
  const { providers, issues: order } = orderOf(app.options.providers ?? [])
  const open: Provider[] = []
  for (const provider of providers) {
    if (provider.choices === undefined || provider.choices.length === 0) continue
    if (env === undefined || (await readsUnfilledSection(provider, sample))) open.push(provider)
  }
  return { providers, order, combinations: combinationsOf(open), sample }
}

/** The sections that the sample fills, and those that it does not. */
async function sectionsOf({ options }: Application, env: object): Promise<Pick<Sample, 'filled' | 'unfilled'>> {
  const filled = new Map<Token<unknown>, unknown>()
  const unfilled = new Set<Section<unknown>>()
  for (const section of Object.values(options.config?.sections ?? {})) {
    const loaded = await loadSection(section, env)
    if ('value' in loaded) filled.set(section, loaded.value)
    else unfilled.add(section)
  }
  return { filled, unfilled }
}
