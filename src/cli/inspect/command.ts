import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { UsageError } from '../../core/errors.ts'
import { startInspector } from '../../inspector/server/start-inspector.ts'
import type { CommandRun } from '../command-context.ts'

/** As they are written on the line. */
export interface InspectOptions {
  readonly port: string
}

/**
 * `lexigram-edge inspect`: serves the inspector until the signal aborts, or until the command has ended, which it starts
 * with the address in its environment. The exit code is that of the command.
 */
export async function runInspect(
  command: readonly string[],
  { port }: InspectOptions,
  { env, report, signal }: CommandRun,
): Promise<number> {
  await using inspector = await startInspector({ port: portOf(port) })
  report.set('url', inspector.url)
  report.set('env', inspector.env)
  report.line(`inspector ${inspector.url}`)
  if (command.length > 0) {
    report.end()
    // Awaited: the inspector ends with this function.
    return await start(command, { ...env, ...inspector.env }, signal)
  }
  for (const [name, value] of Object.entries(inspector.env)) report.line(`${name}=${value}`)
  report.line('Set it in the environment of an application wrapped by inspect(app). Ctrl-C stops the inspector.')
  report.end()
  await new Promise<void>((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  return 0
}

/** The command's exit code; 128 + n where signal n has ended it. */
async function start(command: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { stdio: 'inherit', env })
  const stop = (): void => void child.kill('SIGTERM')
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (cause: NodeJS.ErrnoException) => {
        const reason = `the command after -- cannot start (${cause.code})`
        reject(new UsageError(reason, { hint: 'Name a program that can be found in PATH.', cause }))
      })
      child.once('close', (code, killer) => resolve(code ?? 128 + (killer === null ? 0 : constants.signals[killer])))
    })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function portOf(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new UsageError('--port must be a number from 0 to 65535')
}
