#!/usr/bin/env node
import * as prompts from '@clack/prompts'
import { relative, resolve } from 'node:path'
import manifest from '../package.json' with { type: 'json' }
import { ask, withoutAsking, type Answers } from './ask.ts'
import { flagsOf, isPath, WrongLine, type Flags } from './flags.ts'
import { help } from './help.ts'
import { problemOfFolder, writeProject } from './write-project.ts'

process.exitCode = await main(process.argv.slice(2))

/** The project's own programs are TypeScript, which older versions do not run. */
function warnOfOldNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return
  console.error(`The project needs Node 22.18 or later to start; this is Node ${process.versions.node}.`)
}

/** @throws WrongLine */
function make({ folder, choices }: Answers, { package: named }: Flags): void {
  const problem = problemOfFolder(folder)
  if (problem !== undefined) throw new WrongLine(problem)
  warnOfOldNode()
  const file = named !== undefined && isPath(named) ? `file:${relative(resolve(folder), resolve(named))}` : named
  try {
    writeProject(folder, choices, file ?? `^${manifest.version}`)
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown }
    if (typeof code !== 'string') throw cause
    throw new WrongLine(`${folder} cannot be written: the system answers ${code}`, { cause })
  }
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
    if (!(error instanceof WrongLine)) throw error
    console.error(`create-lexigram-edge: ${error.message}`)
    return 2
  }
}
