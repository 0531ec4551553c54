import { resolveFrom, type Module } from './modules.ts'

/** Groups of files of which each reaches itself through its imports, types included; in order of their paths. */
export function importCycles(modules: readonly Module[]): string[][] {
  const reached = new Map(modules.map(({ path }) => [path, reachableFrom(path, modules)]))
  const inCycle = modules.map(({ path }) => path).filter((path) => reached.get(path)?.has(path))
  const groups = inCycle.map((path) => inCycle.filter((other) => isMutual(path, other)))
  return groups.filter(([first], index) => groups.findIndex((group) => group[0] === first) === index)

  function isMutual(one: string, other: string): boolean {
    return reached.get(one)?.has(other) === true && reached.get(other)?.has(one) === true
  }
}

function reachableFrom(path: string, modules: readonly Module[]): Set<string> {
  const imports = new Map(modules.map((module) => [module.path, module.imports]))
  const found = new Set<string>()
  const visit = (from: string): void => {
    for (const specifier of imports.get(from) ?? []) {
      const target = resolveFrom(from, specifier)
      if (!specifier.startsWith('.') || found.has(target)) continue
      found.add(target)
      visit(target)
    }
  }
  visit(path)
  return found
}
