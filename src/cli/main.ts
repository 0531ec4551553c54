#!/usr/bin/env node
import { runLine } from './command.ts'

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())

const line = process.argv.slice(2)
const write = process.stdout.write.bind(process.stdout)
// Another program may read the output: what the user's modules print goes beside it. The library that completes loads
// none, and prints by itself.
if (line[0] !== 'complete') process.stdout.write = process.stderr.write.bind(process.stderr)

const code = await runLine(line, {
  signal: stop.signal,
  print: (text) => void write(`${text}\n`),
  complain: (text) => console.error(text),
})

// A module may have opened what keeps the process alive, such as a server. A pipe takes what was written first.
await new Promise<void>((resolve) => void write('', () => resolve()))
process.exit(code)
