import type { DisposalOptions } from './disposal.ts'
import { ContainerError } from './errors.ts'
import { SCOPED } from './lifetime.ts'
import type { Registration } from './registration.ts'
import type { Token } from './token.ts'

export interface RegistryOptions {
  readonly disposal: DisposalOptions
  /** Whether a scope may await a promise that another scope started. */
  readonly sharesPending: boolean
  /** Told of failures that have nobody left to reject to. */
  readonly onError: (error: unknown) => void
}

/** The sealed table of registrations: what a token leads to, and where instances are kept. */
export class Registry {
  readonly disposal: DisposalOptions
  readonly sharesPending: boolean
  readonly onError: (error: unknown) => void
  /** How many places a new scope needs: grows with what is used, not with what is registered. */
  scopedSlots = 1
  #rootSlots = 1
  readonly #byToken: Map<Token<unknown>, Registration>
  /** The same by token id: an array read is what makes a lookup nearly free. */
  readonly #byId: Registration[] = []

  constructor(byToken: Map<Token<unknown>, Registration>, options: RegistryOptions) {
    this.disposal = options.disposal
    this.sharesPending = options.sharesPending
    this.onError = options.onError
    this.#byToken = byToken
    for (const [token, registration] of byToken) if (typeof token === 'object') this.#byId[token.id] = registration
  }

  /** What is registered for the token, aliases followed. */
  lookup(token: Token<unknown>): Registration | undefined {
    if (typeof token === 'object') {
      const registration = this.#byId[token.id]
      // Two copies of this package may have given the same id to different tokens.
      if (registration !== undefined && registration.token === token) return registration
    }
    return this.#byToken.get(token)
  }

  find(token: Token<unknown>): Registration {
    const registration = this.lookup(token)
    if (registration !== undefined) return registration
    throw new ContainerError('LEX_ERR_DI_004', `nothing is registered for ${token?.name ?? 'an undefined token'}`, {
      hint: 'Register it in a provider that the application lists.',
    })
  }

  /** All registrations in the order they were made, each once. */
  all(): Set<Registration> {
    return new Set(this.#byToken.values())
  }

  /** Puts an instance in the place of whatever the token would make. */
  replace(token: Token<unknown>, registration: Registration): void {
    const old = this.find(token)
    for (const [key, value] of this.#byToken) if (value === old) this.#byToken.set(key, registration)
    for (const [key, value] of this.#byId.entries()) if (value === old) this.#byId[key] = registration
    for (const entry of this.all()) {
      entry.plan = undefined
      entry.dependencies = entry.dependencies.map((d) => (d === old ? registration : d))
    }
    registration.dependents = old.dependents
  }

  assignSlot(registration: Registration): void {
    registration.slot = registration.lifetime === SCOPED ? this.scopedSlots++ : this.#rootSlots++
  }
}
