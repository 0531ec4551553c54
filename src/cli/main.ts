#!/usr/bin/env node
import { runLine } from './command.ts'

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())

process.exitCode = await runLine(process.argv.slice(2), {
  signal: stop.signal,
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
})
