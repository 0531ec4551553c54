import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, type ESTree } from 'vite'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { entries } from '../../tools/docs/entries.ts'
import { originsOf, readModule, resolveFrom } from './modules.ts'

/** Where something published is declared. */
interface Declared {
  readonly name: string
  readonly path: string
}

describe('what the package publishes', () => {
  it('says what it is for, value by value', () => {
    const values = entries().flatMap(({ source }) => valuesOf(source))
    const silent = values.filter(({ name, path }) => !declaredIn(path).documentedValues.has(name))
    expect(values.length).toBeGreaterThan(200)
    expect([...new Set(silent.map(({ name, path }) => `${path}: ${name}`))]).toEqual([])
  })

  it('says what it is for, type by type', () => {
    const origins = entries().flatMap(({ source }) => originsOf(source))
    const types = origins.filter(([name, path]) => declaredIn(path).types.has(name))
    const silent = types.filter(([name, path]) => !declaredIn(path).documentedTypes.has(name))
    expect(types.length).toBeGreaterThan(400)
    expect([...new Set(silent.map(([name, path]) => `${path}: ${name}`))]).toEqual([])
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

interface Names {
  readonly types: ReadonlySet<string>
  /** With a comment for readers directly before them. */
  readonly documentedTypes: ReadonlySet<string>
  readonly documentedValues: ReadonlySet<string>
}

const known = new Map<string, Names>()

function declaredIn(path: string): Names {
  const found = known.get(path) ?? readNames(path)
  known.set(path, found)
  return found
}

function readNames(path: string): Names {
  const text = readFileSync(join(root, path), 'utf8')
  const { program, comments } = parseSync(path, text)
  const ends = new Set(comments.filter(({ value }) => value.startsWith('*')).map(({ end }) => end))
  const [types, documentedTypes, documentedValues] = [new Set<string>(), new Set<string>(), new Set<string>()]
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration' || statement.declaration === null) continue
    const { declaration } = statement
    const isDocumented = ends.has(text.slice(0, statement.start).trimEnd().length)
    if (declaration.type === 'TSInterfaceDeclaration' || declaration.type === 'TSTypeAliasDeclaration') {
      types.add(declaration.id.name)
      if (isDocumented) documentedTypes.add(declaration.id.name)
    } else if (isDocumented) {
      for (const name of valuesIn(declaration)) documentedValues.add(name)
    }
  }
  return { types, documentedTypes, documentedValues }
}

/** Of an overloaded function the first signature speaks; types of the same name do not speak for a value. */
function valuesIn(declaration: ESTree.Declaration): readonly string[] {
  if (declaration.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []))
  }
  const isValue =
    declaration.type === 'FunctionDeclaration' ||
    declaration.type === 'TSDeclareFunction' ||
    declaration.type === 'ClassDeclaration'
  return isValue && declaration.id !== null ? [declaration.id.name] : []
}
