import type { StandardIssue } from './standard-schema.ts'
import { boolean, string, withDefault } from './schema.ts'

/** One of several backends of a kind: stores, databases. */
export interface NamedEntry {
  readonly name: string
  readonly primary: boolean
}

/** The settings that every backend of a list has. @param token by which the plain one and the named ones are injected */
export function namedEntryFields(token: string, kind: string) {
  return {
    name: string({
      shape: 'a name of letters, digits, "_" and "-"',
      test: (text) => /^[\w-]{1,64}$/.test(text),
      description: `Name to inject the ${kind} by: \`named(${token}, name)\`.`,
    }),
    primary: withDefault(boolean({ description: `Makes it the plain \`${token}\`; default: the first.` }), false),
  }
}

/** Names that two of them have, and every primary but the first. */
export function namedEntryIssues(entries: readonly NamedEntry[]): StandardIssue[] {
  const names = entries.map(({ name }) => name)
  return entries.flatMap(({ name, primary }, index) => {
    const isRepeated = names.indexOf(name) !== index
    const isAnother = primary && entries.findIndex((entry) => entry.primary) !== index
    return [
      ...(isRepeated ? [{ path: ['backends', index, 'name'], message: 'must differ from the others' }] : []),
      ...(isAnother ? [{ path: ['backends', index, 'primary'], message: 'must not be set: another one is' }] : []),
    ]
  })
}

/** The one that the plain token stands for. */
export function primaryOf<T extends NamedEntry>(entries: readonly T[]): T | undefined {
  return entries.find(({ primary }) => primary) ?? entries[0]
}
