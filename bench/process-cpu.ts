import { readdirSync, readFileSync } from 'node:fs'

/** Nanoseconds of CPU that a process has used: the sum over its threads, as Linux counts them. */
export function cpuOf(pid: number): number {
  const folder = `/proc/${pid}/task`
  return readdirSync(folder).reduce((sum, task) => {
    return sum + Number(readFileSync(`${folder}/${task}/schedstat`, 'utf8').split(' ')[0])
  }, 0)
}

/** Runs code that starts one process without exposing its id; returns that id too. */
export async function startProcess<T>(start: () => T | Promise<T>): Promise<{ started: T; pid: number }> {
  const before = new Set(children())
  const started = await start()
  const [pid, another] = children().filter((candidate) => !before.has(candidate))
  if (pid === undefined || another !== undefined) throw new Error('not one process was started')
  return { started, pid }
}

/** Processes that this one has started. */
function children(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid)) return false
      try {
        // A name may hold anything, so what follows the last parenthesis is read: state, parent, …
        return Number(/.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]) === process.pid
      } catch {
        // It ended while we looked.
        return false
      }
    })
}
