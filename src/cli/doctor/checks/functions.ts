import { join } from 'node:path'
import type { Finding } from '../finding.ts'
import { exportedNames } from '../manifest/exported-names.ts'
import { readFunctions, type DeclaredFunction } from '../manifest/functions.ts'
import { partOf, readManifest } from '../manifest/read-manifest.ts'
import { readText, type Project } from '../project.ts'
import { checkVariables } from './variables.ts'

const endings = ['.ts', '.mts', '.js', '.mjs', '.cjs']

/** The functions of Lambda: their handlers, runtime, triggers and variables. */
export async function checkFunctions(project: Project): Promise<readonly Finding[]> {
  const { functions, findings } = readFunctions(project.folder)
  const found = [...findings]
  for (const declared of functions) {
    found.push(...handlerFindings(project.folder, declared), ...runtimeFindings(declared), ...triggerFindings(declared))
    for (const app of project.applications) found.push(...(await checkVariables(app, environmentOf(declared))))
  }
  return found
}

function handlerFindings(folder: string, { file, handler, handlerKey: key }: DeclaredFunction): readonly Finding[] {
  const [, path = handler, name = ''] = /^(.*)\.([^.]+)$/.exec(handler) ?? []
  const place = { code: 'handler-missing', severity: 'error', file, key } as const
  const text = endings.map((ending) => readText(join(folder, path + ending))).find((each) => each !== undefined)
  if (text === undefined) {
    const fix = 'Correct the path, or build the file first.'
    return [{ ...place, message: `the handler's file ${path} does not exist`, fix }]
  }
  const exported = exportedNames(text)
  if (exported === undefined || exported.has(name)) return []
  const message = `${path} must export ${name}`
  return [{ ...place, message, fix: `Name one of its exports: ${[...exported].join(', ')}.` }]
}

function runtimeFindings({ file, key, runtime }: DeclaredFunction): readonly Finding[] {
  const major = /^nodejs(\d+)/.exec(String(runtime))?.[1]
  if (major === undefined || Number(major) >= 22) return []
  const message = `the function runs on ${String(runtime)}, and lexigram-edge needs Node 22.1`
  return [{ code: 'function-runtime', severity: 'error', message, file, key, fix: 'Set the runtime to nodejs24.x.' }]
}

function triggerFindings({ file, deafTriggers }: DeclaredFunction): readonly Finding[] {
  return deafTriggers.map((key) => ({
    code: 'batch-response',
    severity: 'error',
    message: 'Lambda ignores which messages failed, and deletes them',
    file,
    key,
    fix: 'Let the trigger report ReportBatchItemFailures.',
  }))
}

function environmentOf({ file, environment, environmentKey }: DeclaredFunction) {
  const isPlain = (value: unknown) =>
    ['string', 'number', 'boolean'].includes(typeof value) && !String(value).includes('${')
  const names = Object.keys(environment)
  return {
    file,
    keyOf: (variable: string) => `${environmentKey}.${variable}`,
    values: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)])),
    opaque: new Set(names.filter((name) => !isPlain(environment[name]))),
    secretBy: 'Refer to a SecureString of SSM or a secret, in place of the value of NAME.',
  }
}

/** Vercel's functions: files that are named in `vercel.json`, and what they have to export. */
export function checkVercel({ folder }: Project): readonly Finding[] {
  const file = 'vercel.json'
  const text = readText(join(folder, file))
  if (text === undefined) return []
  const read = readManifest(file, text)
  if ('finding' in read) return [read.finding]
  return Object.keys(partOf(read.content, 'functions')).flatMap((path): Finding[] => {
    if (/[*?{[]/.test(path)) return []
    const place = { code: 'handler-missing', severity: 'error', file, key: `functions["${path}"]` } as const
    const code = readText(join(folder, path))
    if (code === undefined) return [{ ...place, message: `${path} does not exist`, fix: 'Correct the path.' }]
    const exported = exportedNames(code)
    if (exported === undefined || ['default', 'GET', 'POST', 'fetch'].some((name) => exported.has(name))) return []
    return [{ ...place, message: `${path} must export its handler`, fix: 'Write export default vercel(app).' }]
  })
}
