import { parseArgs } from 'node:util'
import { measureWhenAsked, ownCase, sampleApart } from '../apart.ts'
import { measureCpu, toRows } from '../measure.ts'
import { printTable, writeResult } from '../report.ts'
import { assertReleases, loadPeer, peers, type App, type Peer } from './peers.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: { quick: { type: 'boolean' } },
})
const section = positionals[0] ?? 'sync'
const titles: Readonly<Record<string, string>> = {
  sync: 'Scope, graph of 8 services, disposal',
  async1: 'The same with one async factory',
  async4: 'The same with four async factories',
  singleton: 'A cached singleton',
}

const own = ownCase()
if (own === undefined) await compareAll()
else await serve(own)

async function compareAll(): Promise<void> {
  const names = new Map<string, string>()
  for (const file of peers) {
    const peer = await loadPeer(file)
    if (takesPart(await create(peer))) names.set(file, peer.name)
  }
  const quick = values['quick'] === true
  const samples = await sampleApart([...names.keys()], { generations: quick ? 2 : 3, rounds: quick ? 5 : 7 })
  const rows = toRows(new Map([...samples].map(([file, all]) => [names.get(file)!, all.map(({ time }) => time)])))
  printTable(`${titles[section] ?? section}, Node ${process.versions.node}`, rows)
  writeResult(`container-${section}-node`, rows)
  process.exit(0)
}

async function serve(file: string): Promise<void> {
  const peer = await loadPeer(file)
  const app = (await create(peer))!
  if (section !== 'singleton') await assertReleases(peer.name, app)
  const run = section === 'singleton' ? () => app.single!() : () => app.run()
  await measureCpu(run, 300)
  measureWhenAsked(async () => ({ time: await measureCpu(run, 40) }))
}

function takesPart(app: App | undefined): boolean {
  return app !== undefined && (section !== 'singleton' || app.single !== undefined)
}

function create(peer: Peer): App | undefined | Promise<App> {
  if (section === 'sync' || section === 'singleton') return peer.createSync()
  return peer.createAsync?.(section === 'async4')
}
