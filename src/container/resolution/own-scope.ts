import { ownDisposer } from './disposal.ts'
import { ContainerError } from '../errors.ts'
import type { Registration } from './entry.ts'
import type { ScopeNode } from '../scope.ts'

/**
 * Resolves a scoped registration from the application container by opening a scope that the returned instance owns:
 * disposing of the instance ends the scope, which then calls the instance's real disposer in its turn.
 */
export async function resolveOwned(root: ScopeNode, registration: Registration): Promise<unknown> {
  const scope = root.scope()
  try {
    const instance = await scope.resolve(registration.token)
    if (typeof instance !== 'object' || instance === null || !Object.isExtensible(instance)) {
      throw new ContainerError('LEX_ERR_DI_005', `${registration.token.name} cannot own a scope`, {
        hint: 'Only an extensible object can be registered with root: "own-scope".',
      })
    }
    // From here on the instance's disposer means "end the scope"; the scope itself must call the original one.
    const dispose = ownDisposer(instance)
    const { made } = scope
    const index = made?.indexOf(instance) ?? -1
    if (made !== undefined && index > 0 && registration.disposal === 'inspect') {
      made[index - 1] = { token: registration.token, disposal: () => dispose?.call(instance) }
    }
    Object.defineProperty(instance, Symbol.asyncDispose, {
      value: () => scope[Symbol.asyncDispose](),
      configurable: true,
    })
    return instance
  } catch (error) {
    await scope.dispose()
    throw error
  }
}
