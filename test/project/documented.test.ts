import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { entries } from '../../tools/docs/entries.ts'
import { readModule, resolveFrom } from './modules.ts'

/** Where a published value is declared. */
interface Declared {
  readonly name: string
  readonly path: string
}

describe('what the package publishes', () => {
  it('says what it is for, value by value', () => {
    const values = entries().flatMap(({ source }) => valuesOf(source))
    const silent = values.filter(({ name, path }) => !documentedIn(path).has(name))
    expect(values.length).toBeGreaterThan(200)
    expect([...new Set(silent.map(({ name, path }) => `${path}: ${name}`))]).toEqual([])
  })
})

/** The values, no types, that a module publishes, by the names of their own files. */
function valuesOf(path: string): Declared[] {
  return readModule(path).exports.flatMap(({ name, from, isType }) => {
    if (isType) return []
    if (from === undefined) return name === undefined ? [] : [{ name, path }]
    const inner = valuesOf(resolveFrom(path, from))
    // A name that is not found inside stands for a whole module, whose own values are asked.
    return name === undefined || !inner.some((value) => value.name === name)
      ? inner
      : inner.filter((value) => value.name === name)
  })
}

const known = new Map<string, ReadonlySet<string>>()

/** The names of the values in a file that have a comment for readers directly before them. */
function documentedIn(path: string): ReadonlySet<string> {
  const found = known.get(path) ?? readDocumented(path)
  known.set(path, found)
  return found
}

function readDocumented(path: string): ReadonlySet<string> {
  const text = readFileSync(join(root, path), 'utf8')
  const { program, comments } = parseSync(path, text)
  const ends = new Set(comments.filter(({ value }) => value.startsWith('*')).map(({ end }) => end))
  const names = program.body.flatMap((statement) => {
    const before = text.slice(0, statement.start).trimEnd().length
    if (statement.type !== 'ExportNamedDeclaration' || !ends.has(before)) return []
    const { declaration } = statement
    if (declaration?.type === 'VariableDeclaration') {
      return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []))
    }
    // Of an overloaded function the first signature speaks; types of the same name do not speak for a value.
    const isValue =
      declaration?.type === 'FunctionDeclaration' ||
      declaration?.type === 'TSDeclareFunction' ||
      declaration?.type === 'ClassDeclaration'
    return isValue && declaration.id !== null ? [declaration.id.name] : []
  })
  return new Set(names)
}
