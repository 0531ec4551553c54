import { partOf, type Content } from './read-manifest.ts'

/** A Worker as one environment of its file has it. */
export interface DeclaredWorker {
  readonly file: string
  readonly content: Content
  /** The place of one of its keys in the file. */
  readonly keyOf: (key: string) => string
}

/**
 * What an environment does not take over from the top of the file: bindings and variables, which it declares itself or lacks
 * at all.
 *
 * @see https://developers.cloudflare.com/workers/wrangler/configuration/#non-inheritable-keys
 */
const ofItsOwn = new Set(['vars', 'hyperdrive', 'durable_objects'])

/** The Worker at the top of the file, and each named environment of it. */
export function environmentsOf(file: string, content: Content): readonly DeclaredWorker[] {
  const inherited = Object.fromEntries(Object.entries(content).filter(([key]) => !ofItsOwn.has(key) && key !== 'env'))
  const named = Object.keys(partOf(content, 'env')).map((name) => {
    const own = partOf(content, 'env', name)
    const keyOf = (key: string): string => {
      const [top = ''] = key.split(/[.[]/, 1)
      return ofItsOwn.has(top) || top in own ? `env.${name}.${key}` : key
    }
    return { file, content: { ...inherited, ...own }, keyOf }
  })
  return [{ file, content, keyOf: (key) => key }, ...named]
}
