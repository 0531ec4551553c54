/**
 * The names that a module exports, by its text: nothing is run. Undefined where the text does not tell, as for
 * `export *` or CommonJS that is not esbuild's.
 */
export function exportedNames(text: string): ReadonlySet<string> | undefined {
  if (/\bexport\s*\*/.test(text)) return undefined
  const names = new Set<string>()
  for (const [, name = ''] of text.matchAll(
    /\bexport\s+(?:async\s+)?(?:const|let|var|function\*?|class)\s+([\w$]+)/g,
  )) {
    names.add(name)
  }
  for (const [, list = ''] of text.matchAll(/\bexport\s*(?:const\s*)?\{([^}]*)\}/g)) {
    for (const part of list.split(',')) names.add(/([\w$]+)\s*$/.exec(part)?.[1] ?? '')
  }
  for (const [, list = ''] of text.matchAll(/0\s*&&\s*\(module\.exports\s*=\s*\{([^}]*)\}/g)) {
    for (const part of list.split(',')) names.add(/^\s*([\w$]+)/.exec(part)?.[1] ?? '')
  }
  for (const [, name = ''] of text.matchAll(/\bexports\.([\w$]+)\s*=/g)) names.add(name)
  if (/\bexport\s+default\b/.test(text)) names.add('default')
  names.delete('')
  return names.size === 0 ? undefined : names
}
