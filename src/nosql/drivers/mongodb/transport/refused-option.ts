import type { MongoClient, MongoClientOptions } from 'mongodb'

interface Given {
  readonly uri: string
  readonly options: MongoClientOptions
}

/**
 * What of a URL and of options a client cannot be made with, by its name: the one without which it can be made or, where several
 * are wrong, the first of the URL. The vendor says it too, but with the value, and the value may be a secret.
 */
export function nameRefused(Client: typeof MongoClient, { uri, options }: Given): string {
  const isMade = (url: string, given: MongoClientOptions): boolean => {
    try {
      return new Client(url, given) instanceof Client
    } catch {
      return false
    }
  }
  const { base, parts } = partsOf(uri)
  const urlOf = (some: readonly string[]): string => (some.length === 0 ? base : `${base}?${some.join('&')}`)
  const names = Object.keys(options)
  const without = (left: string): MongoClientOptions =>
    Object.fromEntries(Object.entries(options).filter(([name]) => name !== left))
  const part = parts.find((left) => isMade(urlOf(parts.filter((each) => each !== left)), options))
  if (part !== undefined) return ofUrl(part)
  const option = names.find((left) => isMade(uri, without(left)))
  if (option !== undefined) return ofClient(option)
  const first = isMade(base, {}) ? parts.find((each) => !isMade(urlOf([each]), {})) : undefined
  return first === undefined ? 'the MongoDB URL' : ofUrl(first)
}

/** The options of a URL, as they are written. An '@' after the question mark says that it belongs to a password. */
function partsOf(uri: string): { readonly base: string; readonly parts: readonly string[] } {
  const at = uri.indexOf('?')
  if (at < 0 || uri.includes('@', at)) return { base: uri, parts: [] }
  return { base: uri.slice(0, at), parts: uri.slice(at + 1).split('&') }
}

function ofUrl(part: string): string {
  const [name] = /^[a-z]{1,60}(?=$|=)/i.exec(part) ?? []
  return name === undefined ? 'the MongoDB URL' : `the option '${name}' of the MongoDB URL`
}

function ofClient(option: string): string {
  return `the option '${option}' of the MongoDB client`
}
