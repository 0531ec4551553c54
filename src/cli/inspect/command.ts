import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { UsageError } from '../../core/errors.ts'
import { startInspector } from '../../inspector/server/start-inspector.ts'
import type { CommandContext } from '../command-context.ts'

const options = { port: { type: 'string', default: '0' } } as const satisfies ParseArgsConfig['options']

/**
 * `lexigram-edge inspect [--port <n>] [-- <command>]`: serves the inspector until the signal aborts, or until the command
 * has ended, which it starts with the address in its environment.
 */
export async function runInspect(args: readonly string[], context: CommandContext): Promise<number> {
  const separator = args.indexOf('--')
  const own = separator === -1 ? args : args.slice(0, separator)
  const command = separator === -1 ? [] : args.slice(separator + 1)
  const port = parse(own)
  await using inspector = await startInspector({ port })
  context.print(`inspector ${inspector.url}`)
  if (command.length > 0) return run(command, inspector.env, context.signal)
  for (const [name, value] of Object.entries(inspector.env)) context.print(`${name}=${value}`)
  context.print('set it where the application runs, whose module says inspect(app)  (Ctrl-C stops)')
  await new Promise<void>((resolve) => {
    if (context.signal.aborted) return resolve()
    context.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  return 0
}

/** The command's exit code; 128 + n where signal n has ended it. */
async function run(command: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  const stop = (): void => void child.kill('SIGTERM')
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  return new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(
        new UsageError(`the command ${program} cannot start: ${cause.message}`, { hint: 'Check its name.', cause }),
      )
    })
    child.once('close', (code, killer) => resolve(code ?? 128 + (killer === null ? 0 : constants.signals[killer])))
  }).finally(() => signal.removeEventListener('abort', stop))
}

function parse(args: readonly string[]): number {
  let text: string
  try {
    text = parseArgs({ args: [...args], options }).values.port
  } catch (cause) {
    throw new UsageError((cause as Error).message, { hint: 'lexigram-edge help', cause })
  }
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new UsageError('--port must be a number from 0 to 65535')
}
