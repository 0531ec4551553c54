import type { DisposalOptions } from './disposal.ts'
import { ContainerError } from '../errors.ts'
import { SCOPED } from '../../core/lifetime.ts'
import { relink } from './link.ts'
import { namedSiblings } from './named-siblings.ts'
import { assertToken, type Registration } from './entry.ts'
import type { Token } from '../../core/token.ts'

export interface RegistryOptions {
  readonly disposal: DisposalOptions
  /** Whether a scope may await a promise that another scope started. */
  readonly sharesPending: boolean
  /** Called when a scope is used after its end. */
  readonly onLeak?: (() => void) | undefined
}

/** The sealed table of registrations: what a token leads to, and where instances are kept. */
export class Registry {
  readonly disposal: DisposalOptions
  readonly sharesPending: boolean
  readonly onLeak: (() => void) | undefined
  /** How many places a new scope needs: grows with what is used, not with what is registered. */
  scopedPlaces = 1
  /** By token id, each token with what it leads to: an array read is what makes a lookup nearly free. */
  readonly #tokens: Token<unknown>[] = []
  readonly #byId: Registration[] = []
  readonly #byToken: Map<Token<unknown>, Registration>
  #rootPlaces = 1

  constructor(byToken: Map<Token<unknown>, Registration>, options: RegistryOptions) {
    this.disposal = options.disposal
    this.sharesPending = options.sharesPending
    this.onLeak = options.onLeak
    this.#byToken = byToken
    for (const [token, registration] of byToken) this.#index(token, registration)
  }

  /**
   * What is registered for the token, aliases followed.
   *
   * @throws ContainerError `LEX_ERR_DI_005` for what is not a token, such as what an import in a circle has left undefined
   */
  lookup(token: Token<unknown>): Registration | undefined {
    if (typeof token === 'object' && token !== null) {
      const { id } = token
      // Two copies of this package may have given the same id to different tokens.
      if (this.#tokens[id] === token) return this.#byId[id]
    }
    const registration = this.#byToken.get(token)
    if (registration === undefined) assertToken(token, 'what is resolved')
    return registration
  }

  find(token: Token<unknown>): Registration {
    const registration = this.lookup(token)
    if (registration !== undefined) return registration
    const { name } = token
    const listed = namedSiblings(name, this.#byToken.keys())
    throw new ContainerError('LEX_ERR_DI_004', `${name} cannot be resolved: nothing is registered for it${listed}`, {
      hint: 'Register it in a provider that the application lists.',
    })
  }

  /** All registrations in the order they were made, each once. */
  all(): Set<Registration> {
    return new Set(this.#byToken.values())
  }

  /** Puts one registration in the place of another, for all its tokens and for all that depend on it. */
  replace(old: Registration, registration: Registration): void {
    for (const [token, entry] of this.#byToken) {
      if (entry !== old) continue
      this.#byToken.set(token, registration)
      this.#index(token, registration)
    }
    for (const entry of this.all()) {
      entry.dependencies = entry.dependencies.map((dependency) => (dependency === old ? registration : dependency))
    }
    relink(this.all())
  }

  assignPlace(registration: Registration): void {
    registration.place = registration.lifetime === SCOPED ? this.scopedPlaces++ : this.#rootPlaces++
  }

  #index(token: Token<unknown>, registration: Registration): void {
    if (typeof token !== 'object') return
    this.#tokens[token.id] = token
    this.#byId[token.id] = registration
  }
}
