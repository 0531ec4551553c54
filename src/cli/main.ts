#!/usr/bin/env node
import { isLexigramError } from '../core/errors.ts'
import { runCommand } from './command.ts'

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())

try {
  process.exitCode = await runCommand(process.argv.slice(2), {
    signal: stop.signal,
    print: (line) => console.log(line),
    complain: (line) => console.error(line),
  })
} catch (error) {
  if (!isLexigramError(error)) throw error
  console.error(`${error.message}${error.hint === undefined ? '' : `\n${error.hint}`}`)
  process.exitCode = 1
}
