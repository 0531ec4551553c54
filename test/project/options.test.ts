import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, type ESTree } from 'vite'
import { describe, expect, it, vi } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { entries } from '../../tools/docs/entries.ts'
import { originsOf } from './modules.ts'
import { callsWithOptions, methodsWithOptions, takesNoOptions } from './options.ts'

vi.mock('cloudflare:workers', () => ({
  WorkerEntrypoint: Object,
  DurableObject: Object,
  tracing: { startActiveSpan: () => undefined },
}))

/** Names of parameters, and of types, by which options are known. */
const isOptions = (parameter: string): boolean =>
  /^(?:options|hooks|defaults|declaration)\b|\b\w*(?:Options|Hooks|Declaration|Times)\b/.test(parameter)

/** Everything published that is called or constructed with options: `<entry> <name>`. */
function published(): string[] {
  return entries().flatMap(({ specifier, source }) =>
    originsOf(source)
      .filter(([name, path]) => parametersOf(path, name).some(isOptions))
      .map(([name]) => `${specifier} ${name}`),
  )
}

function parametersOf(path: string, name: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  return parseSync(path, text).program.body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration') return []
    const { declaration } = statement
    if (declaration?.type !== 'FunctionDeclaration' && declaration?.type !== 'ClassDeclaration') return []
    if (declaration.id?.name !== name || name.endsWith('Error')) return []
    const made = 'superClass' in declaration ? constructorOf(declaration) : declaration
    return (made?.params ?? []).map(({ start, end }) => text.slice(start, end))
  })
}

function constructorOf(declaration: ESTree.Class): ESTree.Function | undefined {
  const found = declaration.body.body.find(
    (member) => member.type === 'MethodDefinition' && member.kind === 'constructor',
  )
  return found?.type === 'MethodDefinition' ? found.value : undefined
}

const typo = { optoins: 1 }

describe('a published function', () => {
  it('a published function that takes options is called here with an unknown one, unless it is left out with a reason', () => {
    const known = [...Object.keys(callsWithOptions), ...Object.keys(takesNoOptions)]
    expect(published().filter((name) => !known.includes(name))).toEqual([])
  })

  it.each(Object.entries({ ...callsWithOptions, ...methodsWithOptions }))(
    '%s refuses an unknown option',
    async (name, call) => {
      const [specifier] = name.split(' ')
      const { source } = entries().find((entry) => entry.specifier === specifier)!
      const entry = (await import(join(root, source))) as Readonly<Record<string, never>>
      await expect((async () => call(entry, typo))()).rejects.toMatchObject({
        code: expect.stringMatching(/^LEX_ERR_/),
        message: expect.stringContaining("cannot hold 'optoins': there is no such option"),
      })
    },
  )
})
