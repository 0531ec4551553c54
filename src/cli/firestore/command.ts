import { writeFile, readFile } from 'node:fs/promises'
import { UsageError } from '../../core/errors.ts'
import { firestoreIndexes, type IndexedCollection } from '../../nosql/drivers/firestore/deployment/index-file.ts'
import type { CommandRun } from '../command-context.ts'
import { loadModule } from '../load-module.ts'
import { declaredIn } from './declared.ts'
import { editedFile, parseFile } from './index-file-text.ts'

/** As they are written on the line. */
export interface IndexesOptions {
  readonly file: string
  readonly check?: boolean
}

/** `lexigram-edge firestore indexes <module…>`: 1 when `--check` finds that the file is not up to date. */
export async function runIndexes(
  modules: readonly string[],
  { file, check = false }: IndexesOptions,
  { report }: CommandRun,
): Promise<number> {
  const collections: IndexedCollection[] = []
  for (const path of modules) collections.push(...(await collectionsOf(path)))
  const existing = await readIfThere(file)
  const content = withIndexes(existing, { file, collections })
  const isSame = content === undefined
  if (!isSame && !check) await writeFile(file, content)
  report.set('file', file)
  report.set('upToDate', isSame)
  report.set('written', !isSame && !check)
  if (isSame) report.line(`${file} is up to date`)
  else report.line(check ? `${file} is not up to date` : `wrote ${file}: firebase deploy --only firestore:indexes`)
  return check && !isSame ? 1 : 0
}

/** What the file has to be; undefined when it is that already. @throws UsageError for a file that cannot be read */
export function withIndexes(
  existing: string | undefined,
  { file, collections }: { readonly file: string; readonly collections: readonly IndexedCollection[] },
): string | undefined {
  if (existing === undefined) return `${JSON.stringify(firestoreIndexes(collections), undefined, 2)}\n`
  const before = parseFile(existing, file)
  const content = editedFile(existing, before, firestoreIndexes(collections, before))
  return content === existing ? undefined : content
}

async function collectionsOf(path: string): Promise<readonly IndexedCollection[]> {
  const collections = Object.values(await loadModule(path)).flatMap(declaredIn)
  if (collections.length > 0) return collections
  throw new UsageError(`${path} must export a collection`, {
    hint: 'Export what defineCollection returns, a list of it, or migrations with CreateIndex.',
  })
}

/** The text of a file, undefined where there is none. @throws UsageError for one that cannot be read */
async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    // What the file system throws has a code.
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new UsageError(`${path} cannot be read (${code})`, { cause: error })
  }
}
