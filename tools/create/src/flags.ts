import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { dataKinds, platforms, type Choices } from './choices.ts'

/** What the command line says; what is missing is asked for. */
export interface Flags extends Partial<Choices> {
  readonly folder?: string
  readonly package?: string
  readonly yes: boolean
  readonly help: boolean
}

/** A line that cannot be used. Its message is for the person who wrote it. */
export class WrongLine extends Error {
  override readonly name = 'WrongLine'
}

const options = {
  platform: { type: 'string' },
  data: { type: 'string' },
  name: { type: 'string' },
  package: { type: 'string' },
  yes: { type: 'boolean', short: 'y', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** @throws WrongLine */
export function flagsOf(args: readonly string[]): Flags {
  const { values, positionals } = parsed(args)
  if (positionals.length > 1) throw new WrongLine(`there must be one folder, not ${positionals.length}`)
  const [folder] = positionals
  const platform = oneOf('--platform', platforms, values.platform)
  const data = oneOf('--data', dataKinds, values.data)
  if (values.name !== undefined) assertName(values.name)
  if (values.package !== undefined) assertPackage(values.package)
  return {
    yes: values.yes,
    help: values.help,
    ...(folder !== undefined && { folder }),
    ...(platform !== undefined && { platform }),
    ...(data !== undefined && { data }),
    ...(values.name !== undefined && { name: values.name }),
    ...(values.package !== undefined && { package: values.package }),
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (cause) {
    throw new WrongLine((cause as Error).message, { cause })
  }
}

function oneOf<T extends string>(flag: string, known: readonly T[], value: string | undefined): T | undefined {
  if (value === undefined) return undefined
  const found = known.find((each) => each === value)
  if (found === undefined) throw new WrongLine(`${flag} must be one of ${known.join(', ')}, not ${value}`)
  return found
}

function assertName(name: string): void {
  if (!isName(name)) throw new WrongLine(`--name must be a name of npm, in lower case and without spaces, not ${name}`)
}

function assertPackage(spec: string): void {
  if (spec.trim() === '') throw new WrongLine('--package must be a version, a range, or the path of a tarball')
  if (isPath(spec) && !existsSync(spec)) throw new WrongLine(`--package must be a tarball that exists, not ${spec}`)
}

/** Whether `--package` names a file from where the command runs; `file:…` is npm's, from where the project is. */
export const isPath = (spec: string): boolean => /^(?:\.|\/|[a-z]:[\\/])/i.test(spec) || /^[^:]+\.tgz$/.test(spec)

/** Whether npm takes it as the name of a new package. */
const isName = (name: string): boolean =>
  name.length <= 214 && /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name)

/** A name for a project in a folder, made of the folder's. */
export function nameFrom(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replaceAll(/[^a-z0-9._~-]+/g, '-')
    .replace(/^[._-]+/, '')
  return isName(name) ? name : 'notes'
}
