import { parseArgs } from 'node:util'
import { compare, type Case } from '../measure.ts'
import { printTable, writeResult } from '../report.ts'
import { assertReleases, loadPeer, peers, type App, type Peer } from './peers.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean' } } })
const section = positionals[0] ?? 'sync'
const titles: Readonly<Record<string, string>> = {
  sync: 'Scope, graph of 8 services, disposal',
  async1: 'The same with one async factory',
  async4: 'The same with four async factories',
  singleton: 'A cached singleton',
}

const cases: Case[] = []
for (const file of peers) {
  const peer = await loadPeer(file)
  const app = await create(peer)
  if (app === undefined) continue
  if (section === 'singleton' && app.single === undefined) continue
  if (section !== 'singleton') await assertReleases(peer.name, app)
  cases.push({ name: peer.name, run: section === 'singleton' ? () => app.single!() : () => app.run() })
}
const rows = await compare(cases, values.quick === true ? 5 : 11, values.quick === true ? 25 : 40)
printTable(`${titles[section] ?? section}, Node ${process.versions.node}`, rows)
writeResult(`container-${section}-node`, rows)
process.exit(0)

function create(peer: Peer): App | undefined | Promise<App> {
  if (section === 'sync' || section === 'singleton') return peer.createSync()
  return peer.createAsync?.(section === 'async4')
}
