import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { findPeers } from '../../tools/packages/peers.ts'
import lowest from '../../tools/peers/lowest/package.json' with { type: 'json' }
import newest from '../../tools/peers/newest/package.json' with { type: 'json' }
import next from '../../tools/peers/next/package.json' with { type: 'json' }
import { sqlConformance } from '../../src/testing/sql/index.ts'
import { root } from '../../tools/commands/steps.ts'
import { packPackage } from '../../tools/release/tarball.ts'
import { createConsumerProject } from './consumer-project.ts'
import { importAll } from './import-all.ts'
import { installTarball } from './installed-package.ts'
import { startNeonLocal, type NeonLocal } from './neon-local.ts'

const sets = [
  { which: 'lowest', modules: findPeers('lowest') },
  { which: 'newest', modules: findPeers('newest') },
  { which: 'next', modules: findPeers('next') },
] as const

describe('the sets of peers', () => {
  it('begin where the ranges of package.json begin', () => {
    const ranges = { ...packageJson.peerDependencies, node: packageJson.engines.node }
    const wanted = Object.entries(ranges).map(([name, range]) => [name, /\d+\.\d+\.\d+/.exec(range)?.[0]])
    expect(lowest.dependencies).toMatchObject(Object.fromEntries(wanted))
  })

  it('end with every peer', () => {
    expect(Object.keys(newest.dependencies)).toEqual(Object.keys(packageJson.peerDependencies))
  })

  it('have the candidate of Drizzle that the range names, beside the newest of the others', () => {
    const { 'drizzle-orm': candidate, ...others } = next.dependencies
    expect(packageJson.peerDependencies['drizzle-orm'].split(' || ').at(-1)).toBe(candidate)
    expect(newest.dependencies).toMatchObject(others)
  })

  it('are what docs/entry-points.md says', () => {
    const first = new Map(Object.entries(lowest.dependencies))
    const text = readFileSync(join(root, 'docs/entry-points.md'), 'utf8')
    const rows = [...text.matchAll(/^\| `(\S+)` +\| (\d\S*) +\| (\d\S*) +\|$/gm)].map((row) => row.slice(1))
    expect(rows).toEqual(Object.entries(newest.dependencies).map(([name, last]) => [name, first.get(name), last]))
    expect(text).toContain(`Node ${first.get('node')?.replace(/\.0$/, '')}`)
    expect(text).toContain(`TypeScript ${first.get('typescript')?.replace(/\.\d+$/, '')}`)
  })
})

describe.each(sets)('the packed package with the $which peers', ({ which, modules }) => {
  describe.skipIf(modules === undefined)(`needs the ${which} peers (npm run setup:peers)`, () => {
    const peers = modules ?? ''
    // With the lowest peers come the lowest TypeScript and Node; the newest are those of this checkout.
    const tools = which === 'lowest' ? peers : join(root, 'node_modules')
    // The lowest types of Node do not know the streams of the web.
    const lib = which === 'lowest' ? ['webworker', 'webworker.iterable'] : []
    const project = createConsumerProject({ modules: peers, tools, lib })
    let database: NeonLocal | undefined

    beforeAll(async () => {
      using tarball = await packPackage(root)
      await installTarball(tarball, project.folder)
      database = await startNeonLocal(project.folder, project.node)
    })
    afterAll(() => database?.[Symbol.asyncDispose]())

    it('has declarations with which programs compile', async () => {
      expect(await project.compile()).toEqual([])
    })

    it('has every entry', async () => {
      const found = await importAll(project.folder, [], project.node)
      expect(found).toEqual(await importAll(project.folder))
    })

    it('passes the conformance suite over Neon, TCP and PGlite', async () => {
      const { length } = sqlConformance()
      expect(await project.run('sql', database?.url ?? '', database?.protocolUrl ?? '')).toEqual({
        neon: { passed: length, failed: [] },
        postgres: { passed: length, failed: [] },
        pglite: { passed: length, failed: [] },
      })
    })

    it('answers requests of a Hono app over Drizzle and Neon', async () => {
      expect(await project.run('hono', database?.url ?? '')).toEqual([
        [201, { id: 'a', stock: 1 }],
        [422, expect.objectContaining({ issues: [expect.objectContaining({ path: ['stock'] })] })],
        [200, { id: 'a', stock: 0 }],
        [409, expect.objectContaining({ code: 'OUT_OF_STOCK' })],
        [404, expect.objectContaining({ detail: 'the route cannot be found' })],
      ])
    })

    it('answers requests and batches on Lambda', async () => {
      expect(await project.run('lambda')).toEqual([
        expect.objectContaining({ statusCode: 200, body: JSON.stringify({ path: '/orders', body: 'hello' }) }),
        { batchItemFailures: [{ itemIdentifier: '2' }] },
      ])
    })
  })
})
