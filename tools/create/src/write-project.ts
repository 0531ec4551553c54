import { cpSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Choices, documentDriverOf, hasDocuments, hasSql, sqlDriverOf } from './choices.ts'
import { manifestOf } from './manifest.ts'
import { textsOf } from './texts.ts'

/** Beside `src`, and beside `dist` in the published package. */
const templates = fileURLToPath(new URL('../templates/', import.meta.url))

/** What stops a folder from becoming a project, or `undefined`. */
export function problemOfFolder(folder: string): string | undefined {
  if (folder.trim() === '') return 'the folder must have a name; a full stop is this one'
  const kind = statSync(folder, { throwIfNoEntry: false })
  if (kind === undefined) return undefined
  if (!kind.isDirectory()) return `${folder} must be a folder`
  const found = readdirSync(folder).filter((name) => name !== '.git')
  return found.length === 0
    ? undefined
    : `${folder} must be empty: it has ${found.slice(0, 3).join(', ')}${found.length > 3 ? ', …' : ''}`
}

/** Writes a project into an empty folder, which is made if it is missing. `edge` is what to install as lexigram-edge. */
export function writeProject(folder: string, choices: Choices, edge: string): void {
  mkdirSync(folder, { recursive: true })
  for (const layer of layersOf(choices)) cpSync(join(templates, layer), folder, { recursive: true })
  // npm would leave a .gitignore out of the published package.
  renameSync(join(folder, 'gitignore'), join(folder, '.gitignore'))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifestOf(choices, edge), null, 2)}\n`)
  for (const [path, text] of Object.entries(textsOf(choices))) writeFileSync(join(folder, path), text)
}

/** The folders of `templates` that make a project, in order: a file of a later one replaces that of an earlier one. */
function layersOf({ platform, data }: Choices): readonly string[] {
  const kind = data === 'both' ? 'both' : `only-${data}`
  return [
    'base',
    ...(hasSql(data) ? ['sql', sqlDriverOf(platform)] : []),
    ...(hasDocuments(data) ? [documentDriverOf(platform)] : []),
    kind,
    // A Worker runs in workerd on your machine too; the others run on Node there.
    ...(platform === 'worker' ? [] : [`${kind}-local`, 'server']),
    ...(platform === 'node' ? [] : [platform]),
    ...(platform === 'worker' && hasSql(data) ? ['worker-sql'] : []),
  ]
}
