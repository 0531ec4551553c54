import { resolve } from 'node:path'
import type { CommandRun } from '../command-context.ts'
import { checkFunctions, checkVercel } from './checks/functions.ts'
import { checkIndexes } from './checks/indexes.ts'
import { checkNode, checkPeers } from './checks/versions.ts'
import { checkWorker, readWorker } from './checks/worker.ts'
import { checkWorkerEnvironment } from './checks/worker-environment.ts'
import type { Finding } from './finding.ts'
import { environmentsOf } from './manifest/environments.ts'
import { readProject, type Project } from './project.ts'

/** As they are written on the line. */
export interface DoctorOptions {
  readonly project: string
  readonly url?: string
}

/** `lexigram-edge doctor`: 1 when it finds an error. It reads; it changes nothing, and prints no value of a variable. */
export async function runDoctor(
  modules: readonly string[],
  { project: folder, url }: DoctorOptions,
  { env, report, signal }: CommandRun,
): Promise<number> {
  const project = await readProject(resolve(folder), modules)
  const findings = [...(await findingsOf(project))]
  const database = targetOf(url, env, { names: ['DATABASE_URL'], isOwn: (text) => !isMongo.test(text) })
  if (database !== undefined) {
    const { checkDatabase } = await import('./checks/database.ts')
    findings.push(...(await checkDatabase({ ...database, signal }, project.exported)))
  }
  const mongo = targetOf(url, env, { names: ['MONGODB_URI', 'MONGO_URL'], isOwn: (text) => isMongo.test(text) })
  if (mongo !== undefined && project.collections.length > 0) {
    const { checkMongoIndexes } = await import('./checks/mongodb-indexes.ts')
    findings.push(...(await checkMongoIndexes(mongo, project.collections)))
  }
  const skipped = [
    ...(project.applications.length > 0 ? [] : [`variables and bindings: ${without('an application', modules)}`]),
    ...(project.collections.length > 0 ? [] : [`indexes: ${without('collections', modules)}`]),
    ...(database === undefined ? ['row security and indexes of SQL: no database was named'] : []),
    ...(mongo === undefined && usesMongo(project) ? ['indexes of MongoDB: no database was named'] : []),
  ]
  report.set('findings', findings)
  report.set('skipped', skipped)
  for (const finding of findings) report.line(textOf(finding))
  for (const each of skipped) report.line(`not checked: ${each}`)
  const errors = findings.filter(({ severity }) => severity === 'error').length
  report.line(`errors: ${errors}, warnings: ${findings.length - errors}`)
  return errors > 0 ? 1 : 0
}

function without(what: string, modules: readonly string[]): string {
  return modules.length === 0
    ? `no module with ${what} was named`
    : `${modules.join(', ')} exports no ${what.replace('an ', '')}`
}

const isMongo = /^mongodb(?:\+srv)?:/

/** A database to ask: that of `--url` where it is of this kind, else that of the first variable that is set. */
function targetOf(
  url: string | undefined,
  env: NodeJS.ProcessEnv,
  { names, isOwn }: { readonly names: readonly string[]; readonly isOwn: (url: string) => boolean },
): { readonly url: string; readonly source: string } | undefined {
  if (url !== undefined && isOwn(url)) return { url, source: '--url' }
  const source = names.find((name) => isOwn(env[name] ?? '') && env[name] !== '' && env[name] !== undefined)
  return source === undefined ? undefined : { url: env[source] ?? '', source }
}

function usesMongo({ uses }: Project): boolean {
  return uses.some(({ specifier }) => specifier === 'lexigram-edge/nosql/mongodb')
}

async function findingsOf(project: Project): Promise<readonly Finding[]> {
  const worker = readWorker(project)
  return [
    ...checkNode(project),
    ...checkPeers(project),
    ...(worker === undefined ? [] : 'code' in worker ? [worker] : await workerFindings(project, worker)),
    ...(await checkFunctions(project)),
    ...checkVercel(project),
    ...checkIndexes(project),
  ]
}

async function workerFindings(
  project: Project,
  { file, content }: Exclude<ReturnType<typeof readWorker>, Finding | undefined>,
): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const worker of environmentsOf(file, content)) {
    found.push(...checkWorker(project, worker), ...(await checkWorkerEnvironment(project, worker)))
  }
  // What an environment takes over is wrong once.
  const places = new Set<string>()
  return found.filter(({ code, key, message }) => {
    const place = JSON.stringify([code, key, message])
    return !places.has(place) && places.add(place)
  })
}

function textOf({ severity, code, file, key, message, fix }: Finding): string {
  return `${severity === 'error' ? '✗' : '!'} ${code}  ${[file, key].filter(Boolean).join(' ')}\n  ${message}\n  → ${fix}`
}
