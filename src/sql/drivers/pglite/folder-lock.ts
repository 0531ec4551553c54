import { UsageError } from '../../../core/errors.ts'
import { wait } from '../../../core/wait.ts'
import { nodeParts, type NodeParts } from './node-parts.ts'
import { isRunning, startTimeOf, type ProcessIdentity } from './process-identity.ts'

/** How long a process that is about to end keeps others waiting, in milliseconds. */
const patience = 2_000

/**
 * Takes a database's folder for this process, and returns what releases it. The embedded database has no lock itself, and
 * two processes on one folder lose what either writes. The lock lies beside the folder, which may be emptied. It
 * waits for a holder that is about to end, and ignores one whose number now belongs to another process. Where no lock
 * can be written, as beside a volume of a container, the folder is used without one.
 *
 * @throws UsageError when another process continues to use it
 */
export async function lockFolder(folder: string, limit = patience): Promise<() => void> {
  const node = nodeParts()
  if (node === undefined) return () => {}
  const { files, paths, process } = node
  const path = `${paths.resolve(folder)}.lock`
  const own = [process.pid, startTimeOf(process.pid, node)].filter((part) => part !== undefined).join(' ')
  const deadline = Date.now() + limit
  for (;;) {
    const outcome = create(path, own, node)
    if (outcome === 'impossible') return () => {}
    if (outcome === 'created') return () => files.rmSync(path, { force: true })
    const text = textOf(path, node)
    const holder = holderIn(text)
    if (!isRunning(holder, node)) removeLeft(path, text, node)
    else if (Date.now() < deadline) await wait(25)
    else throw inUse({ folder, path, isOwn: holder.pid === process.pid, pid: holder.pid })
  }
}

/** For a folder that is free and does not open. The vendor throws what its file system throws, not always an Error. */
export function openFailure(folder: string, cause: unknown): UsageError {
  return new UsageError(`the database in ${folder} cannot be opened`, {
    cause,
    hint: 'Name a folder that this process may write: an empty one, or one of this version of PGlite.',
  })
}

interface Use {
  readonly folder: string
  readonly path: string
  readonly isOwn: boolean
  readonly pid: number
}

function inUse({ folder, path, isOwn, pid }: Use): UsageError {
  const user = isOwn ? 'this process' : `process ${pid}`
  return new UsageError(`the database in ${folder} cannot be opened: ${user} is using it`, {
    hint: isOwn
      ? 'Close the other connection first, or share one PGlite between them: pglite({ instance }).'
      : `Stop that process, or remove ${path} if it is something else.`,
  })
}

/** It appears with its text: another process never reads half of it. */
function create(path: string, text: string, { files, paths, process }: NodeParts): 'created' | 'taken' | 'impossible' {
  const draft = `${path}.${process.pid}`
  try {
    files.mkdirSync(paths.dirname(path), { recursive: true })
    files.writeFileSync(draft, text)
  } catch {
    return 'impossible'
  }
  try {
    files.linkSync(draft, path)
    return 'created'
  } catch (error) {
    // What the file system throws has a code.
    return (error as { code?: unknown }).code === 'EEXIST' ? 'taken' : 'impossible'
  } finally {
    files.rmSync(draft, { force: true })
  }
}

/** Empty for a lock that was released since. */
function textOf(path: string, { files }: NodeParts): string {
  try {
    return files.readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function holderIn(text: string): ProcessIdentity {
  const [pid, startTime] = text.split(' ')
  return { pid: Number(pid), startTime }
}

/** Removes a lock with this text. One that has taken its place since is put back: its process uses the folder. */
function removeLeft(path: string, text: string, node: NodeParts): void {
  const { files, process } = node
  const aside = `${path}.${process.pid}`
  try {
    files.renameSync(path, aside)
    if (textOf(aside, node) !== text) files.linkSync(aside, path)
  } catch {
    // Another process was faster: what it left is looked at next.
  } finally {
    files.rmSync(aside, { force: true })
  }
}
