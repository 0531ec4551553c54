#!/usr/bin/env node
import * as prompts from '@clack/prompts'
import { relative, resolve } from 'node:path'
import manifest from '../package.json' with { type: 'json' }
import { ask, withoutAsking } from './ask.ts'
import { flagsOf, WrongLine } from './flags.ts'
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
    const problem = problemOfFolder(answers.folder)
    if (problem !== undefined) throw new WrongLine(problem)
    warnOfOldNode()
    writeProject(answers.folder, answers.choices, flags.package ?? `^${manifest.version}`)
    const folder = relative(process.cwd(), resolve(answers.folder))
    const { name } = answers.choices
    const go = folder === '' ? '' : `  cd ${folder}\n`
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
