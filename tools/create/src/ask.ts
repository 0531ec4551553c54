import * as prompts from '@clack/prompts'
import { dataKinds, platforms, type Choices, type Data, type Platform } from './choices.ts'
import { nameFrom, WrongLine, type Flags } from './flags.ts'
import { problemOfFolder } from './write-project.ts'

/** Where a project goes, and what it is to be. */
export interface Answers {
  readonly folder: string
  readonly choices: Choices
}

const platformNames: Readonly<Record<Platform, string>> = {
  worker: 'Cloudflare Workers',
  lambda: 'AWS Lambda',
  vercel: 'Vercel',
  node: 'Node, such as in a container',
}
const dataNames: Readonly<Record<Data, string>> = {
  sql: 'tables: Neon or PostgreSQL',
  documents: 'documents: DynamoDB or MongoDB',
  both: 'tables and documents',
}

/** Asks for what the flags do not say. `undefined` when the person has left. */
export async function ask(flags: Flags): Promise<Answers | undefined> {
  const folder = flags.folder ?? (await folderFromPerson())
  const platform = folder === undefined ? undefined : (flags.platform ?? (await platformFromPerson()))
  const data = platform === undefined ? undefined : (flags.data ?? (await dataFromPerson()))
  if (folder === undefined || platform === undefined || data === undefined) return undefined
  return { folder, choices: { platform, data, name: flags.name ?? nameFrom(folder) } }
}

/** The answers of the flags alone, for scripts and for `--yes`. @throws WrongLine */
export function withoutAsking(flags: Flags): Answers {
  const folder = flags.folder ?? 'notes'
  const platform = flags.platform ?? (flags.yes ? 'node' : undefined)
  const data = flags.data ?? (flags.yes ? 'sql' : undefined)
  if (platform === undefined) throw missing('--platform', platforms)
  if (data === undefined) throw missing('--data', dataKinds)
  return { folder, choices: { platform, data, name: flags.name ?? nameFrom(folder) } }
}

const missing = (flag: string, known: readonly string[]): WrongLine =>
  new WrongLine(`${flag} must be one of ${known.join(', ')}: there is no terminal to ask in. Pass it, or --yes`)

async function folderFromPerson(): Promise<string | undefined> {
  const answer = await prompts.text({
    message: 'Which folder?',
    placeholder: 'notes',
    defaultValue: 'notes',
    validate: (value) => problemOfFolder(value === undefined || value === '' ? 'notes' : value),
  })
  return prompts.isCancel(answer) ? undefined : answer
}

async function platformFromPerson(): Promise<Platform | undefined> {
  const choices = platforms.map((value) => ({ value, label: platformNames[value] }))
  const answer = await prompts.select({ message: 'Where does it run?', options: choices })
  return prompts.isCancel(answer) ? undefined : answer
}

async function dataFromPerson(): Promise<Data | undefined> {
  const choices = dataKinds.map((value) => ({ value, label: dataNames[value] }))
  const answer = await prompts.select({ message: 'What does it keep?', options: choices })
  return prompts.isCancel(answer) ? undefined : answer
}
