import { resolve } from 'node:path'
import type { CommandRun } from '../command-context.ts'
import { checkFunctions, checkVercel } from './checks/functions.ts'
import { checkIndexes } from './checks/indexes.ts'
import { checkNode, checkPeers } from './checks/versions.ts'
import { checkWorker, readWorker } from './checks/worker.ts'
import { checkWorkerEnvironment } from './checks/worker-environment.ts'
import type { Finding } from './finding.ts'
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
  const target = url ?? env['DATABASE_URL'] ?? ''
  const findings = [...(await findingsOf(project))]
  if (target !== '') {
    const { checkRowSecurity } = await import('./checks/row-security.ts')
    const source = url === undefined ? 'DATABASE_URL' : '--url'
    findings.push(...(await checkRowSecurity({ url: target, source, signal })))
  }
  const skipped = [
    ...(project.applications.length > 0 ? [] : ['variables and bindings: no module with an application was named']),
    ...(project.collections.length > 0 ? [] : ['indexes: no module with collections was named']),
    ...(target === '' ? ['row security: no database was named'] : []),
  ]
  report.set('findings', findings)
  report.set('skipped', skipped)
  for (const finding of findings) report.line(textOf(finding))
  for (const each of skipped) report.line(`not checked: ${each}`)
  const errors = findings.filter(({ severity }) => severity === 'error').length
  report.line(`errors: ${errors}, warnings: ${findings.length - errors}`)
  return errors > 0 ? 1 : 0
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
  return [...checkWorker(project, file, content), ...(await checkWorkerEnvironment(project, file, content))]
}

function textOf({ severity, code, file, key, message, fix }: Finding): string {
  return `${severity === 'error' ? '✗' : '!'} ${code}  ${[file, key].filter(Boolean).join(' ')}\n  ${message}\n  → ${fix}`
}
