import { dirname, join } from 'node:path'
import { minVersion, satisfies, validRange } from '../../bundled/formats.ts'
import { packageManifest } from '../../package-manifest.ts'
import { entryPeers } from '../entry-peers.ts'
import type { Finding } from '../finding.ts'
import { readText, type Project } from '../project.ts'

const { engines, peerDependencies } = packageManifest()

/** Node, by the one that runs and by what the project allows. */
export function checkNode({ manifest }: Project, running = process.versions.node): readonly Finding[] {
  const findings: Finding[] = []
  const needs = `lexigram-edge needs ${engines.node}`
  const place = { file: 'package.json', key: 'engines.node' }
  if (!satisfies(running, engines.node)) {
    const message = `Node ${running} runs, and ${needs}`
    findings.push({ code: 'node-version', severity: 'error', message, ...place, fix: 'Run a newer Node.' })
  }
  const allowed = manifest.engines?.node
  if (allowed === undefined || validRange(allowed) === null) return findings
  const lowest = minVersion(allowed)
  if (lowest !== null && !satisfies(lowest, engines.node)) {
    const message = `the project allows Node ${lowest.version}, and ${needs}`
    const fix = `Set engines.node to ${JSON.stringify(engines.node)}.`
    findings.push({ code: 'node-version', severity: 'warning', message, ...place, fix })
  }
  return findings
}

/** Peers that imported entries need, and those that are installed in a version out of range. */
export function checkPeers({ folder, manifest, uses }: Project): readonly Finding[] {
  const section = (name: string) =>
    manifest.devDependencies?.[name] === undefined ? 'dependencies' : 'devDependencies'
  return Object.entries(peerDependencies).flatMap(([name, range]): Finding[] => {
    const version = installedVersion(folder, name)
    const use = uses.find(({ specifier }) => entryPeers[specifier] === name)
    const fix = `npm install ${/[<> ]/.test(range) ? `'${name}@${range}'` : `${name}@${range}`}`
    if (version === undefined) {
      if (use === undefined) return []
      const message = `${use.specifier} needs the package ${name}, which is not installed`
      return [{ code: 'peer-missing', severity: 'error', message, file: use.file, key: use.specifier, fix }]
    }
    if (satisfies(version, range)) return []
    const message = `${name} ${version} is installed, and lexigram-edge needs ${range}`
    const severity = use === undefined ? 'warning' : 'error'
    return [{ code: 'peer-range', severity, message, file: 'package.json', key: `${section(name)}.${name}`, fix }]
  })
}

/** As Node finds packages: in the folder, or in one above it. */
function installedVersion(folder: string, name: string): string | undefined {
  const text = readText(join(folder, 'node_modules', name, 'package.json'))
  if (text !== undefined) return (JSON.parse(text) as { readonly version?: string }).version
  const above = dirname(folder)
  return above === folder ? undefined : installedVersion(above, name)
}
