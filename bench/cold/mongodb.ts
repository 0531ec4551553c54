import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { inFreshFunctions } from './functions.ts'
import { reportCold } from './report-cold.ts'
import { inFreshIsolates } from './isolates.ts'

const rounds = process.argv.includes('--quick') ? 7 : 31
const server = fork(join(import.meta.dirname, '..', 'documents', 'server.ts'))
const uri = String((await once(server, 'message'))[0])
const env = {
  MONGODB_URI: uri,
  LEX_NOSQL__DRIVER: 'mongodb',
  LEX_NOSQL__MONGODB__DATABASE: 'bench',
  CURSOR_SECRET: 'for a bench that reads no page',
}

const isolates = { 'Hono and the vendor by hand': 'hono-mongodb', 'lexigram-edge + Hono': 'lexigram-mongodb' }
reportCold('workers-mongodb', 'first request to a fresh isolate', await inFreshIsolates(isolates, rounds, env))
const tools = findLambdaTools()
if (tools === undefined) console.log('\nlambda: its runtime client is not installed: npm run setup:lambda')
else {
  const functions = {
    'hono/aws-lambda and the vendor': 'mongodb-hand.ts',
    'lexigram-edge + Hono': 'mongodb-lexigram.ts',
  }
  const times = await inFreshFunctions(tools, functions, { rounds, env })
  reportCold('lambda-mongodb', 'a fresh process to its first answer', times)
}
server.kill()
