import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { inFreshFunctions } from './functions.ts'
import { reportCold } from './report-cold.ts'
import { inFreshIsolates } from './isolates.ts'
import { inFreshProcesses } from './processes.ts'

const rounds = process.argv.includes('--quick') ? 7 : 31

// Hono comes first: what all others are compared with.
const names = { 'Hono alone': 'hono', 'a plain handler': 'plain', 'lexigram-edge + Hono': 'lexigram' }
for (const entry of ['node', 'vercel']) {
  const entries = Object.fromEntries(Object.entries(names).map(([name, file]) => [name, `${entry}-${file}`]))
  reportCold(entry, `import and first request, a fresh process`, await inFreshProcesses(entries, rounds))
}

const isolates = {
  'Hono alone': 'hono',
  'a plain handler': 'plain',
  'lexigram-edge + Hono': 'lexigram-empty',
  'Hono, 8 services by hand': 'hono-services',
  'lexigram-edge + Hono, 8 services': 'lexigram-services',
}
reportCold('workers', 'first request to a fresh isolate', await inFreshIsolates(isolates, rounds))
const containers = { 'services by hand': 'hono-services', 'the container': 'container-services' }
reportCold('workers-container', 'first request to a fresh isolate, Hono', await inFreshIsolates(containers, rounds))
const vendors = {
  'Hono, drizzle and Neon by hand': 'hono-neon',
  'lexigram-edge + Hono, drizzle and Neon': 'lexigram-neon',
}
reportCold('workers-neon', 'first request to a fresh isolate', await inFreshIsolates(vendors, rounds))

const tools = findLambdaTools()
if (tools === undefined) console.log('\nlambda: its runtime client is not installed: npm run setup:lambda')
else {
  const functions = {
    'hono/aws-lambda': 'http-hono.ts',
    'a plain handler': 'http-hand.ts',
    Middy: 'http-middy.js',
    'lexigram-edge + Hono': 'http-lexigram.ts',
    'lexigram-edge + Hono, session in scope': 'http-lexigram-services.ts',
  }
  reportCold('lambda', 'a fresh process to its first answer', await inFreshFunctions(tools, functions, { rounds }))
}
