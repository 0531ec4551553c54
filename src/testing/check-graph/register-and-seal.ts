import { createContainer, type Container } from '../../container/container.ts'
import { ContainerValidationError, type ContainerIssue } from '../../container/errors.ts'
import { UsageError } from '../../core/errors.ts'
import type { Section } from '../../core/setting/section.ts'
import { within } from '../../core/time-limit.ts'
import type { Token } from '../../core/token.ts'
import type { ApplicationOptions } from '../../runtime/application-options.ts'
import { configReader } from '../../runtime/lifecycle.ts'
import { createApplicationContainer } from '../../runtime/process/application-container.ts'
import { bootLevels } from '../../runtime/provider-order.ts'
import type { Provider, ProviderContext, RuntimeTraits } from '../../runtime/provider.ts'
import type { Combination } from './combinations.ts'

/** What the graph is checked with. */
export interface Sample {
  readonly options: ApplicationOptions
  readonly runtime: RuntimeTraits
  readonly env: object
  /** The sections that the environment fills, with their values. */
  readonly filled: ReadonlyMap<Token<unknown>, unknown>
  readonly unfilled: ReadonlySet<Section<unknown>>
}

/** How long one provider may take to register, in milliseconds. */
const limit = 10_000

/** The providers in the order in which they register, and what is wrong with it. */
export function orderOf(providers: readonly Provider[]): {
  readonly providers: readonly Provider[]
  readonly issues: readonly ContainerIssue[]
} {
  try {
    return { providers: bootLevels(providers).flat(), issues: [] }
  } catch (error) {
    return { providers, issues: [{ kind: 'provider', path: [], message: reasonOf(error) }] }
  }
}

/** Whether registering asks for a section that the sample does not fill. */
export async function readsUnfilledSection(provider: Provider, sample: Sample): Promise<boolean> {
  const asked: unknown[] = []
  const context = contextOf(sample, (section) => asked.push(section))
  try {
    await within(provider.register?.(createContainer(), context), limit, `register of provider ${provider.name}`)
  } catch {
    // It registers again where failures are collected.
  }
  return asked.length > 0
}

/** A container whose registrations are complete, sealed unless there are issues, and all that is wrong with it. */
export interface Registered {
  readonly container: Container
  readonly issues: readonly ContainerIssue[]
}

/** Registers everything with one choice for each provider that has some. */
export async function registerAndSeal(
  providers: readonly Provider[],
  combination: Combination,
  sample: Sample,
): Promise<Registered> {
  const { options, runtime, env, filled, unfilled } = sample
  const injectable = [...[...unfilled].map((section) => [section, null] as const), ...filled]
  const container = createApplicationContainer(options, { env, runtime, sections: new Map(injectable) })
  const issues: ContainerIssue[] = []
  // What is chosen comes last: it may depend upon the names that others ask for.
  const inOrder = providers.toSorted((one, other) => Number(combination.has(one)) - Number(combination.has(other)))
  for (const provider of inOrder) {
    const { name } = provider
    container.attributeTo(`provider ${name}`)
    const choice = combination.get(provider)
    try {
      if (choice !== undefined) choice.register(container, runtime)
      else await within(provider.register?.(container, contextOf(sample)), limit, `register of provider ${name}`)
    } catch (error) {
      issues.push({ kind: 'provider', path: [name], message: `provider ${name} cannot register: ${reasonOf(error)}` })
    }
  }
  try {
    container.seal()
  } catch (error) {
    if (!(error instanceof ContainerValidationError)) throw error
    issues.push(...error.issues)
  }
  return { container, issues }
}

/** Warnings are about an environment, which a sample is not. */
function contextOf(
  { runtime, env, filled, unfilled }: Sample,
  onUnfilled: (section: unknown) => void = () => {},
): ProviderContext {
  const read = configReader(filled)
  return {
    runtime,
    env,
    report: () => {},
    config: (section) => {
      if (![...unfilled].some((one) => one === section)) return read(section)
      onUnfilled(section)
      throw new UsageError(`the section ${section.name} cannot be read: the environment of the check does not fill it`)
    },
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : `it threw ${typeof error === 'object' ? 'an object' : typeof error}`
}
