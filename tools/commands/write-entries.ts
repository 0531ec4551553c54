// Writes the entry points into package.json and tsconfig.json. Run it after you add or remove an index.ts.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { entries, exportsOf, pathsOf } from '../docs/entries.ts'
import { root } from './steps.ts'

interface TypeScriptConfig {
  readonly compilerOptions: Readonly<Record<string, unknown>>
}

const all = entries()
edit('package.json', (config) => ({ ...config, exports: exportsOf(all) }))
edit('tsconfig.json', (config) => {
  const { compilerOptions } = config as unknown as TypeScriptConfig
  return { ...config, compilerOptions: { ...compilerOptions, paths: pathsOf(all) } }
})
console.log(all.map(({ specifier, source }) => `${specifier}  ${source}`).join('\n'))
console.log('now run npm run format')

function edit(name: string, change: (config: Readonly<Record<string, unknown>>) => object): void {
  const path = join(root, name)
  const config: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, `${JSON.stringify(change(config), undefined, 2)}\n`)
}
