import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { UsageError } from '../../core/errors.ts'
import {
  firestoreIndexes,
  type FirestoreIndexFile,
  type IndexedCollection,
} from '../../nosql/drivers/firestore/deployment/index-file.ts'
import type { CommandContext } from '../command-context.ts'
import { declaredIn } from './declared.ts'

/** `lexigram-edge firestore indexes <module…>`: 1 when `--check` finds that the file is not up to date. */
export async function runFirestore(args: readonly string[], context: CommandContext): Promise<number> {
  const [task, ...rest] = args
  if (task !== 'indexes') {
    throw new UsageError(`the task of firestore must be 'indexes', not '${task ?? ''}'`, {
      hint: 'lexigram-edge firestore indexes <module…>',
    })
  }
  const { values, positionals } = parse(rest)
  if (positionals.length === 0) {
    throw new UsageError('firestore indexes cannot run: no module was named', {
      hint: 'Name the modules that export what defineCollection returns, or migrations with CreateIndex.',
    })
  }
  const collections: IndexedCollection[] = []
  for (const path of positionals) collections.push(...(await collectionsOf(path)))
  const existing = await readIfThere(values.file)
  const content = `${JSON.stringify(firestoreIndexes(collections, parseFile(existing, values.file)), undefined, 2)}\n`
  const isSame = existing !== undefined && canonical(existing) === canonical(content)
  if (values.check) {
    context.print(isSame ? `${values.file} is up to date` : `${values.file} is not up to date`)
    return isSame ? 0 : 1
  }
  if (!isSame) await writeFile(values.file, content)
  context.print(
    isSame ? `${values.file} is up to date` : `wrote ${values.file}: firebase deploy --only firestore:indexes`,
  )
  return 0
}

async function collectionsOf(path: string): Promise<readonly IndexedCollection[]> {
  let exported: Readonly<Record<string, unknown>>
  try {
    exported = (await import(pathToFileURL(resolve(path)).href)) as typeof exported
  } catch (cause) {
    throw new UsageError(`${path} cannot be loaded`, {
      hint: 'Node loads TypeScript from version 22.18 on, without types that need compiling; else name the built file.',
      cause,
    })
  }
  const collections = Object.values(exported).flatMap(declaredIn)
  if (collections.length > 0) return collections
  throw new UsageError(`${path} must export a collection`, {
    hint: 'Export what defineCollection returns, a list of it, or migrations with CreateIndex.',
  })
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new UsageError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`, { cause: error })
  }
}

function parseFile(text: string | undefined, path: string): FirestoreIndexFile {
  if (text === undefined) return {}
  try {
    const content: unknown = JSON.parse(text)
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content
  } catch {
    // Told below: what is there is not overwritten.
  }
  throw new UsageError(`${path} must be a JSON object`, { hint: 'Correct the file, or move it away.' })
}

function canonical(text: string): string {
  return JSON.stringify(JSON.parse(text))
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        file: { type: 'string', default: 'firestore.indexes.json' },
        check: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    })
  } catch (cause) {
    throw new UsageError((cause as Error).message, { hint: 'lexigram-edge help', cause })
  }
}
