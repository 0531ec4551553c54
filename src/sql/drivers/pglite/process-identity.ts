import type { NodeParts } from './node-parts.ts'

/** Identifies a process among those that have had its number or will have it. */
export interface ProcessIdentity {
  readonly pid: number
  /** What {@link startTimeOf} returned for it; absent where that is not known. */
  readonly startTime: string | undefined
}

/**
 * When a process began, as a text to compare for equality: ticks since the machine started on Linux, a date elsewhere.
 * `undefined` if the process does not exist, or if the system does not say it, as on Windows.
 */
export function startTimeOf(pid: number, { process, files, programs }: NodeParts): string | undefined {
  try {
    if (process.platform === 'win32') return undefined
    if (process.platform !== 'linux') {
      const args = ['-o', 'lstart=', '-p', String(pid)]
      const text = programs.execFileSync('ps', args, { encoding: 'utf8', timeout: 1000 })
      return text.trim().replaceAll(/\s+/g, '-') || undefined
    }
    // The second field is a name in brackets, which may hold anything; the start is the 22nd field.
    const fields = files.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
    return fields?.[0] === 'Z' ? undefined : fields?.[19]
  } catch {
    return undefined
  }
}

/** Whether this very process still runs. Without a start time its number alone decides, unless it is this process's. */
export function isRunning({ pid, startTime }: ProcessIdentity, node: NodeParts): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid, node)) return false
  // A container's first process has the same number each time.
  if (startTime === undefined) return pid !== node.process.pid
  const now = startTimeOf(pid, node)
  // Linux says nothing of the start of a process that has ended and is not yet collected.
  return now === undefined ? node.process.platform !== 'linux' : now === startTime
}

function isAlive(pid: number, { process }: NodeParts): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM' // an error of a system call has a code
  }
}
