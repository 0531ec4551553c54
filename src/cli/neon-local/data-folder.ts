import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UsageError } from '../../core/errors.ts'

/**
 * Takes a database's folder for this process, and returns a function that releases it. The embedded database has no lock of its
 * own, and two processes on one folder lose what either writes. The lock lies beside the folder, which may be emptied.
 *
 * @throws UsageError when a process that is alive has it
 */
export function lockFolder(folder: string): () => void {
  const path = `${resolve(folder)}.lock`
  mkdirSync(dirname(path), { recursive: true })
  if (existsSync(path)) {
    const holder = Number(readFileSync(path, 'utf8'))
    // Its own number is left over from before: a container's first process has the same one each time.
    if (holder !== process.pid && isAlive(holder)) {
      throw new UsageError(`the database in ${folder} cannot be opened: process ${holder} is using it`, {
        hint: `Stop that process, or remove ${path} if it is something else.`,
      })
    }
    rmSync(path, { force: true })
  }
  writeFileSync(path, String(process.pid), { flag: 'wx' })
  return () => rmSync(path, { force: true })
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

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM'
  }
}
