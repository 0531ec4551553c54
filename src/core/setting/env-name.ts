/** Joins the steps of a setting's path in a variable's name. */
export const separator = '__'

/** The part of a variable's name for one key: `poolSize` is `POOL_SIZE`. */
function toSegment(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()
}

/** The key for one part of a variable's name: `POOL_SIZE` is `poolSize`. `undefined` when it is not a proper part. */
export function toKey(segment: string): string | undefined {
  if (!/^[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*$/.test(segment)) return undefined
  return segment.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** Keys that differ only in case and underscores name the same setting. */
export function normalKey(key: string): string {
  return key.replaceAll('_', '').toLowerCase()
}

/** The variable that sets one setting: section `database`, path `['poolSize']` is `LEX_DATABASE__POOL_SIZE`. */
export function variableName(section: string, path: readonly string[] = []): string {
  return `LEX_${[section, ...path].map(toSegment).join(separator)}`
}
