import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { resolveFrom } from './modules.ts'

const paths = globSync('{src,adapters,tools,examples,test,bench,web}/**/*.{ts,tsx}', {
  cwd: root,
  exclude: (path) => path.includes('node_modules') || path.includes('templates'),
}).map((path) => path.replaceAll('\\', '/'))

describe('an exported value', () => {
  it('is imported by another file', () => {
    const imported = new Set<string>()
    /** Files that are imported as a whole, or run by their path. */
    const whole = new Set<string>()
    const exported: string[] = []
    for (const path of paths) {
      const text = readFileSync(join(root, path), 'utf8')
      const { module } = parseSync(path, text)
      const use = (specifier: string, name: string | null): void => {
        if (!specifier.startsWith('.')) return
        const target = resolveFrom(path, specifier)
        if (name === null) whole.add(target)
        else imported.add(`${target} ${name}`)
      }
      for (const { moduleRequest, entries } of module.staticImports) {
        for (const { importName } of entries) use(moduleRequest.value, importName.name)
      }
      for (const { moduleRequest, importName, exportName } of module.staticExports.flatMap(({ entries }) => entries)) {
        if (moduleRequest !== null) use(moduleRequest.value, importName.name)
        else if (/^(?:src|adapters|tools)\//.test(path) && exportName.name !== null && isValue(text, exportName.name)) {
          exported.push(`${path} ${exportName.name}`)
        }
      }
      for (const [, specifier = ''] of text.matchAll(/import\(\s*'([^']+)'\s*\)/g)) use(specifier, null)
    }
    // Other programs load what configures them.
    const unused = exported.filter((each) => {
      const [path = ''] = each.split(' ')
      return !imported.has(each) && !whole.has(path) && !/(?:config|entry-names)\.ts$/.test(path)
    })
    expect(exported.length).toBeGreaterThan(1000)
    expect(unused).toEqual([])
  })
})

function isValue(text: string, name: string): boolean {
  return new RegExp(`^export (?:async )?(?:function\\*?|const|class) ${name}\\b`, 'm').test(text)
}
