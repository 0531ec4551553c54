#!/usr/bin/env node
import * as prompts from '@clack/prompts'
import { relative, resolve } from 'node:path'
import manifest from '../package.json' with { type: 'json' }
import { ask, withoutAsking } from './ask.ts'
import { flagsOf, WrongLine } from './flags.ts'
import { help } from './help.ts'
import { problemOfFolder, writeProject } from './write-project.ts'

process.exitCode = await main(process.argv.slice(2))

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
    writeProject(answers.folder, answers.choices, flags.package ?? `^${manifest.version}`)
    const folder = relative(process.cwd(), resolve(answers.folder))
    const go = folder === '' ? '' : `  cd ${folder}\n`
    console.log(
      `${answers.choices.name} is in ${folder === '' ? 'this folder' : folder}. Next:\n${go}  npm install\n  npm test\n  npm start`,
    )
    return 0
  } catch (error) {
    if (!(error instanceof WrongLine)) throw error
    console.error(`create-lexigram-edge: ${error.message}`)
    return 2
  }
}
