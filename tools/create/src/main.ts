#!/usr/bin/env node
import * as prompts from '@clack/prompts'
import { relative, resolve } from 'node:path'
import manifest from '../package.json' with { type: 'json' }
import { ask, withoutAsking, type Answers } from './ask.ts'
import { flagsOf, isPath, WrongLine, type Flags } from './flags.ts'
import { problemOfFolder, writeProject } from './write-project.ts'

const help = `create-lexigram-edge [folder]

  --platform <name>  worker, lambda, vercel or node
  --data <kind>      sql, documents or both
  --name <name>      the name in package.json (default: the folder's name)
  --package <spec>   what to install as lexigram-edge: a version, a range, or the path of a tarball
  --yes, -y          do not ask; use node and sql unless a flag says otherwise
  --help, -h         print this text

It asks for what the flags leave open. Without a terminal, pass the flags.`

process.exitCode = await main(process.argv.slice(2))

/** The project's own programs are TypeScript, which older versions do not run. */
function warnOfOldNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return
  console.error(`The project needs Node 22.18 or later to start; this is Node ${process.versions.node}.`)
}

/** For the person at the terminal; `undefined` for a fault of this program. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof WrongLine) return error.message
  // What Node's file system throws has all of these.
  const { code, path, syscall } = error as { readonly code?: string; readonly path?: string; readonly syscall?: string }
  return syscall === undefined ? undefined : `${path} cannot be written: the system answers ${code}`
}

/** @throws WrongLine */
function assertFree(folder: string): void {
  const problem = problemOfFolder(folder)
  if (problem !== undefined) throw new WrongLine(problem)
}

/** @throws WrongLine */
function make({ folder, choices }: Answers, { package: named }: Flags): void {
  assertFree(folder)
  warnOfOldNode()
  const file = named !== undefined && isPath(named) ? `file:${relative(resolve(folder), resolve(named))}` : named
  writeProject(folder, choices, file ?? `^${manifest.version}`)
}

/** As a shell takes it. */
function quoted(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const flags = flagsOf(args)
    if (flags.help) {
      console.log(help)
      return 0
    }
    // Before any question: the answers would be of no use.
    if (flags.folder !== undefined) assertFree(flags.folder)
    const isPerson = process.stdin.isTTY && process.stdout.isTTY && !flags.yes
    const answers = isPerson ? await ask(flags) : withoutAsking(flags)
    if (answers === undefined) {
      prompts.cancel('Nothing was written.')
      return 130
    }
    make(answers, flags)
    const folder = relative(process.cwd(), resolve(answers.folder))
    const { name } = answers.choices
    const go = folder === '' ? '' : `  cd ${quoted(folder)}\n`
    console.log(
      `Created ${name}${folder === '' || folder === name ? '' : ` in ${folder}`}. Next:\n${go}  npm install\n  npm test\n  npm start`,
    )
    return 0
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === undefined) throw error
    console.error(`create-lexigram-edge: ${reason}`)
    return 2
  }
}
