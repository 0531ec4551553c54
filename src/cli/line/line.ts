import { UsageError } from '../../core/errors.ts'
import { Command, type ErrorOptions } from '../bundled/parser.ts'

/**
 * A command whose mistakes are this package's errors. None repeats a value, which may be a URL with a password: the
 * library's messages do.
 */
export class Line extends Command {
  override createCommand(name?: string): Command {
    return new Line(name)
  }

  override error(message: string, { code = '' }: ErrorOptions = {}): never {
    const name = pathOf(this)
    const help = `lexigram-edge ${name} --help`.replace('  ', ' ')
    const missing = code === 'commander.missingArgument' ? argumentIn(message) : undefined
    const hint = missing === undefined ? help : `Write lexigram-edge ${name || this.name()} <${missing}>. See ${help}`
    const says = messages[code] ?? (() => `the line cannot be read (${code})`)
    throw new UsageError(says({ command: this, name, message }), { hint })
  }
}

interface Mistake {
  readonly command: Command
  readonly name: string
  readonly message: string
}

const unfit = ({ name, message }: Mistake) =>
  `the option ${optionsIn(message)[0] ?? ''} must be one that ${name || 'lexigram-edge'} knows, with the value that it takes`

const messages: Readonly<Record<string, (mistake: Mistake) => string>> = {
  'commander.unknownOption': unfit,
  'commander.optionMissingArgument': unfit,
  'commander.invalidArgument': ({ command, message }) => {
    const [option] = optionsIn(message)
    const argument = /for argument '([^']+)'/.exec(message)?.[1]
    const choices =
      option === undefined
        ? command.registeredArguments.find((each) => each.name() === argument)?.argChoices
        : command.options.find(({ long }) => long === option)?.argChoices
    const name = option ?? `the ${argument}`
    if (choices === undefined) return `${name} must have another value`
    return `${name} must be one of ${choices.join(', ')}`
  },
  'commander.conflictingOption': ({ message }) => optionsIn(message).slice(0, 2).join(' cannot be used with '),
  'commander.unknownCommand': ({ command, name }) => unknownCommand(command, name),
  'commander.excessArguments': ({ command, name }) =>
    command.commands.length > 0 ? unknownCommand(command, name) : `${name} cannot take so many arguments`,
  'commander.missingArgument': ({ command, name, message }) =>
    `${name || command.name()} cannot run: no ${argumentIn(message)} was named`,
}

function unknownCommand(command: Command, name: string): string {
  return `the ${name === '' ? 'command' : `task of ${name}`} must be one of ${namesOf(command).join(', ')}`
}

/** The names of what a command has beneath it. */
function namesOf(command: Command): readonly string[] {
  return command.commands.map((each) => each.name())
}

function argumentIn(message: string): string | undefined {
  return /'([^']+)'/.exec(message)?.[1]
}

function optionsIn(message: string): readonly string[] {
  return [...message.matchAll(/'(?:-\w, )?(--?[a-z][a-z-]*)/gi)].map(([, option = '']) => option)
}

function pathOf(command: Command): string {
  return command.parent === null ? '' : `${pathOf(command.parent)} ${command.name()}`.trim()
}
