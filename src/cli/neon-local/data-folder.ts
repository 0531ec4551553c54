import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { UsageError } from '../../core/errors.ts'
import { isRunning, startTimeOf, type ProcessIdentity } from './process-identity.ts'

/** How long a process that is about to end keeps others waiting, in milliseconds. */
const patience = 2_000

/**
 * Takes a database's folder for this process, and returns what releases it. The embedded database has no lock itself, and
 * two processes on one folder lose what either writes. The lock lies beside the folder, which may be emptied. A holder
 * that is about to end is waited for; one whose number another process has by now is not one.
 *
 * @throws UsageError when another process goes on using it
 */
export async function lockFolder(folder: string, wait = patience): Promise<() => void> {
  const path = `${resolve(folder)}.lock`
  mkdirSync(dirname(path), { recursive: true })
  const own = [process.pid, startTimeOf(process.pid)].filter((part) => part !== undefined).join(' ')
  const deadline = Date.now() + wait
  for (;;) {
    if (create(path, own)) return () => rmSync(path, { force: true })
    const holder = readHolder(path)
    if (!isRunning(holder)) rmSync(path, { force: true })
    else if (Date.now() < deadline) await delay(25)
    else {
      throw new UsageError(`the database in ${folder} cannot be opened: process ${holder.pid} is using it`, {
        hint: `Stop that process, or remove ${path} if it is something else.`,
      })
    }
  }
}

/** Removes only what is a database: a mistyped path must not cost a folder of something else. */
export function emptyFolder(folder: string): void {
  if (!existsSync(folder)) return
  if (!existsSync(join(folder, 'PG_VERSION'))) {
    throw new UsageError('--fresh cannot empty the folder: it does not hold a database', {
      hint: 'Check --data-dir, or remove the folder yourself.',
    })
  }
  rmSync(folder, { recursive: true })
}

/** False when it is there already. It appears with its text: another process never reads half of it. */
function create(path: string, text: string): boolean {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, text)
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false // an error of Node's file system has a code
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function readHolder(path: string): ProcessIdentity {
  let text = ''
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    // Released since.
  }
  const [pid, startTime] = text.split(' ')
  return { pid: Number(pid), startTime }
}
