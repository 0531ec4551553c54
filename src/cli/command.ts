import { isLexigramError, UsageError, type LexigramError } from '../core/errors.ts'
import { CommanderError, type Command } from './bundled/parser.ts'
import type { CommandContext } from './command-context.ts'
import { createProgram } from './line/program.ts'
import { missingPackage } from './missing-package.ts'
import { reportFor, type Report } from './report.ts'

/** Runs one command of the command line and returns its exit code; what fails is said as the line asks for. */
export async function runLine(args: readonly string[], context: CommandContext): Promise<number> {
  const report = reportFor(args, context)
  try {
    return await runCommand(args, context, report)
  } catch (error) {
    const failure = toFailure(error)
    report.fail(failure)
    return failure instanceof UsageError ? 2 : 1
  } finally {
    report.end()
  }
}

/** @throws what is a fault of this package */
function toFailure(error: unknown): LexigramError {
  if (isLexigramError(error)) return error
  const file = unusableFile(error)
  if (file !== undefined) return file
  const name = missingPackage(error)
  if (name === undefined) throw error
  return new UsageError(`the command cannot run: the package ${name} is not installed`, {
    hint: `npm install ${name}`,
    cause: error,
  })
}

/** For a file or folder of the line that the system refuses. */
function unusableFile(error: unknown): UsageError | undefined {
  if (!(error instanceof Error && 'syscall' in error && 'path' in error && 'code' in error)) return undefined
  return new UsageError(`${String(error.path)} cannot be used: the system answers ${String(error.code)}`, {
    cause: error,
  })
}

/**
 * Runs one command of the command line and returns its exit code.
 *
 * @throws UsageError for a line that cannot be understood, which repeats no value of it
 */
export async function runCommand(
  args: readonly string[],
  context: CommandContext,
  report: Report = reportFor(args, context),
): Promise<number> {
  let code = 0
  const { signal, env = process.env } = context
  const program = createProgram(async (command) => {
    code = await command({ signal, env, report })
  })
  if (args.length === 0) {
    context.complain(program.helpInformation().trimEnd())
    return 2
  }
  printTo(program, context)
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Help or the version was asked for, or a task is missing, whose help was printed as a complaint.
    return error.exitCode === 0 ? 0 : 2
  }
  return code
}

function printTo(command: Command, context: CommandContext): void {
  command.configureOutput({
    writeOut: (text) => context.print(text.trimEnd()),
    writeErr: (text) => context.complain(text.trimEnd()),
  })
  for (const each of command.commands) printTo(each, context)
}
