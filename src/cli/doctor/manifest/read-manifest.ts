import { parseJsonc, parseToml, parseYaml, printParseErrorCode, type ParseError } from '../../bundled/formats.ts'
import type { Finding } from '../finding.ts'

/** A part of a configuration file, whose members may be anything. */
export type Content = Readonly<Record<string, unknown>>

/** A configuration file, or what is wrong with it. */
export type ReadManifest = { readonly content: Content } | { readonly finding: Finding }

/** Reads a file by the ending of its name: TOML, JSON with comments, YAML. */
export function readManifest(file: string, text: string): ReadManifest {
  try {
    const content = parse(file, text)
    if (isContent(content)) return { content }
    return unreadable(file, 'it holds no object')
  } catch (error) {
    // The first line says where; those after it repeat the text, which may hold a secret.
    return unreadable(file, (error as Error).message.split('\n')[0] ?? '')
  }
}

function unreadable(file: string, why: string): ReadManifest {
  const message = `${file} cannot be read: ${why.replace(/[.:]$/, '')}`
  return { finding: { code: 'file-unreadable', severity: 'error', message, file, key: '', fix: 'Correct the file.' } }
}

function parse(file: string, text: string): unknown {
  if (file.endsWith('.toml')) return parseToml(text)
  if (!/\.jsonc?$/.test(file)) return parseYaml(text, { logLevel: 'silent', customTags })
  const errors: ParseError[] = []
  const content: unknown = parseJsonc(text, errors, { allowTrailingComma: true })
  const [first] = errors
  if (first === undefined) return content
  const line = text.slice(0, first.offset).split('\n').length
  throw new Error(`${printParseErrorCode(first.error)} in line ${line}`)
}

/** CloudFormation's functions: what they come to is known when it is deployed. */
const intrinsics = ['Ref', 'Sub', 'GetAtt', 'ImportValue', 'Join', 'If', 'FindInMap', 'Select', 'Split', 'Base64']
const customTags = intrinsics.flatMap((name) => {
  const tag = { tag: `!${name}`, resolve: () => ({ [name]: 'known when it is deployed' }) }
  return [tag, { ...tag, collection: 'seq' as const }, { ...tag, collection: 'map' as const }]
})

export function isContent(value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object under a path of keys; an empty one where there is none. */
export function partOf(content: Content, ...path: readonly string[]): Content {
  let part: unknown = content
  for (const key of path) part = isContent(part) ? part[key] : undefined
  return isContent(part) ? part : {}
}

/** The objects of the list under a path of keys. */
export function listOf(content: Content, ...path: readonly string[]): readonly Content[] {
  const holder = partOf(content, ...path.slice(0, -1))
  const list = holder[path.at(-1) ?? '']
  return Array.isArray(list) ? list.filter(isContent) : []
}
