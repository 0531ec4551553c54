/**
 * Node's module of a name, where the runtime has it: an import would keep its importer off the other runtimes. Some
 * runtimes have a part of a module only.
 *
 * @param name Such as `node:crypto`
 */
export function builtinModule<T>(name: string): Partial<T> | undefined {
  const { process } = globalThis as { readonly process?: { getBuiltinModule?(name: string): unknown } }
  // The caller looks for what it needs.
  return process?.getBuiltinModule?.(name) as Partial<T> | undefined
}
