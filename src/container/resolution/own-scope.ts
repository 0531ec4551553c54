import { endQuietly } from './create.ts'
import { ownDisposer } from './disposal.ts'
import { ContainerError } from '../errors.ts'
import type { Scope } from '../resolver.ts'
import type { Registration } from './entry.ts'
import type { ScopeState } from './scope-state.ts'

/**
 * Resolves a scoped registration in a scope that was opened for it and that the returned instance owns: disposing of the
 * instance ends the scope, which then calls the instance's real disposer in its turn.
 */
export async function resolveOwned(scope: Scope & ScopeState, registration: Registration): Promise<unknown> {
  try {
    const instance = await scope.resolve(registration.token)
    if (typeof instance !== 'object' || instance === null || !Object.isExtensible(instance)) {
      throw new ContainerError('LEX_ERR_DI_005', `${registration.token.name} cannot own a scope`, {
        hint: 'Only an extensible object can be registered with root: "own-scope".',
      })
    }
    // From here on the instance's disposer means "end the scope"; the scope itself must call the original one.
    const dispose = ownDisposer(instance)
    let entry = scope.made
    while (entry !== undefined && entry.instance !== instance) entry = entry.before
    if (entry !== undefined && registration.disposal === 'inspect') {
      entry.owner = { token: registration.token, disposal: () => dispose?.call(instance) }
    }
    Object.defineProperty(instance, Symbol.asyncDispose, {
      value: () => scope[Symbol.asyncDispose](),
      configurable: true,
    })
    return instance
  } catch (error) {
    await endQuietly(scope)
    throw error
  }
}
