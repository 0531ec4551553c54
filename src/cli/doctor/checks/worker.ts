import { join } from 'node:path'
import type { Finding } from '../finding.ts'
import { exportedNames } from '../manifest/exported-names.ts'
import type { DeclaredWorker } from '../manifest/environments.ts'
import { listOf, readManifest, type Content } from '../manifest/read-manifest.ts'
import { readText, type Project, type Use } from '../project.ts'

/** Wrangler takes the first. */
const names = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml']

/** The Worker's configuration: undefined where there is none. */
export function readWorker({
  folder,
}: Project): { readonly file: string; readonly content: Content } | Finding | undefined {
  for (const file of names) {
    const text = readText(join(folder, file))
    if (text === undefined) continue
    const read = readManifest(file, text)
    return 'finding' in read ? read.finding : { file, content: read.content }
  }
  return undefined
}

/** Node's modules are there from this date on without a flag. */
const nodeByDefault = '2026-08-04'
const nativeSpans = '2026-07-28'
const onNode = ['lexigram-edge/sql/postgres', 'lexigram-edge/nosql/mongodb']

/** Dates, flags, and what the Worker's module has to export. */
export function checkWorker(project: Project, { file, content, keyOf }: DeclaredWorker): readonly Finding[] {
  const date = content['compatibility_date']
  const flags = Array.isArray(content['compatibility_flags']) ? content['compatibility_flags'] : []
  const use = (...specifiers: readonly string[]): Use | undefined =>
    project.uses.find(({ specifier }) => specifiers.includes(specifier))
  const findings = [
    ...dateFindings(date, { file, spans: use('lexigram-edge/workers/tracing') }),
    ...flagFindings(flags, { file, driver: String(date) < nodeByDefault ? use(...onNode) : undefined }),
    ...exportFindings(project, file, content),
  ]
  return findings.map((finding) => ({ ...finding, key: keyOf(finding.key) }))
}

function dateFindings(
  date: unknown,
  { file, spans }: { readonly file: string; readonly spans: Use | undefined },
): Finding[] {
  const place = { code: 'worker-date', severity: 'error', file, key: 'compatibility_date' } as const
  const today = new Date().toISOString().slice(0, 10)
  if (typeof date !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(date)) {
    const message = 'compatibility_date must be a date such as 2026-10-01'
    return [{ ...place, message, fix: `Set compatibility_date to ${today}, and test.` }]
  }
  if (date > today) {
    const message = `compatibility_date cannot be ${date}: the day has not come`
    return [{ ...place, message, fix: `Set compatibility_date to ${today} or earlier.` }]
  }
  if (spans === undefined || date >= nativeSpans) return []
  const message = `${spans.specifier} in ${spans.file} needs compatibility_date ${nativeSpans} or later`
  return [{ ...place, message, fix: `Set compatibility_date to ${nativeSpans} or later, and test.` }]
}

interface FlagFacts {
  readonly file: string
  /** Of a driver that needs Node's modules, where the date does not bring them. */
  readonly driver: Use | undefined
}

function flagFindings(flags: readonly unknown[], { file, driver }: FlagFacts): Finding[] {
  const place = { code: 'worker-flag', file, key: 'compatibility_flags' } as const
  const findings: Finding[] = []
  if (driver !== undefined && !flags.includes('nodejs_compat')) {
    const message = `${driver.specifier} in ${driver.file} needs Node's modules, which the Worker does not have`
    findings.push({ ...place, severity: 'error', message, fix: 'Add "nodejs_compat" to compatibility_flags.' })
  }
  if (!flags.includes('enable_request_signal')) {
    const message = 'the signal of a request never aborts: statements run on when the client has left'
    findings.push({
      ...place,
      severity: 'warning',
      message,
      fix: 'Add "enable_request_signal" to compatibility_flags.',
    })
  }
  return findings
}

function exportFindings({ folder }: Project, file: string, content: Content): Finding[] {
  const { main } = content
  if (typeof main !== 'string') return []
  const text = readText(join(folder, main))
  if (text === undefined) {
    const message = `the Worker's main file ${main} does not exist`
    return [
      { code: 'worker-main', severity: 'error', message, file, key: 'main', fix: 'Name the module of the Worker.' },
    ]
  }
  const exported = exportedNames(text)
  if (exported === undefined) return []
  return listOf(content, 'durable_objects', 'bindings').flatMap((binding, index): Finding[] => {
    const name = binding['class_name']
    if (typeof name !== 'string' || binding['script_name'] !== undefined || exported.has(name)) return []
    const message = `${main} must export the class ${name} of the Durable Object ${String(binding['name'])}`
    const key = `durable_objects.bindings[${index}].class_name`
    return [{ code: 'durable-class', severity: 'error', message, file, key, fix: `Export ${name} from ${main}.` }]
  })
}
