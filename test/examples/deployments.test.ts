import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveNeon, type NeonEndpoint } from '../../src/cli/neon-local/serve.ts'
import { root } from '../../tools/commands/steps.ts'
import { exampleEnv, migrate } from '../../tools/runtimes/example.ts'
import { startNode, type NodeProcess } from '../../tools/runtimes/node-process.ts'
import { describeCatalogue, type Send } from './catalogue.ts'

const run = promisify(execFile)
const command = (name: string, env: NodeJS.ProcessEnv = {}) =>
  run(process.execPath, [join(root, `tools/commands/${name}.ts`)], { cwd: root, env: { ...process.env, ...env } })
const options = (env: Readonly<Record<string, string>>) => ({
  env,
  port: 0,
  progress: () => {},
  signal: new AbortController().signal,
})

const endpoints: NeonEndpoint[] = []
afterAll(() => Promise.all(endpoints.map((endpoint) => endpoint.close())))

/** What an example reads, with an empty database. */
async function emptyEnvironment(): Promise<Record<string, string>> {
  const endpoint = await serveNeon()
  endpoints.push(endpoint)
  return { DATABASE_URL: endpoint.url, ...exampleEnv }
}

async function migratedEnvironment(): Promise<Record<string, string>> {
  const env = await emptyEnvironment()
  await migrate(env['DATABASE_URL']!)
  return env
}

describe('npm run migrate', () => {
  let env: Record<string, string>
  beforeAll(async () => {
    env = await emptyEnvironment()
  })

  it('brings a database to the example’s schema, once', async () => {
    expect((await command('migrate', env)).stdout).toBe('applied 0001_products, 0002_product_versions\n')
    expect((await command('migrate', env)).stdout).toBe('the database is up to date\n')
  })

  it('says what it needs', async () => {
    await expect(command('migrate', { DATABASE_URL: '' })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('DATABASE_URL must be set'),
    })
  })
})

describe('npm run build:vercel', () => {
  const output = join(root, 'examples/vercel/.vercel/output')
  const folder = join(output, 'functions/index.func')
  const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
  let running: NodeProcess
  beforeAll(async () => {
    await command('build-vercel')
    // Nothing around it: what is not in the function's folder is not on Vercel.
    const alone = mkdtempSync(join(tmpdir(), 'lexigram-edge-vercel-'))
    cpSync(folder, alone, { recursive: true })
    const launcher = join(root, 'tools/runtimes/vercel-launcher.ts')
    running = await startNode(
      [launcher, join(alone, 'index.mjs')],
      options({ ...(await migratedEnvironment()), VERCEL: '1' }),
    )
  })
  afterAll(() => running.stop())

  const send: Send = (path, init) => fetch(new URL(path, running.url), init)
  describeCatalogue('the function that Vercel deploys', send)

  it('sends every path to a function that exists', () => {
    const { handler, maxDuration } = json(join(folder, '.vc-config.json')) as { handler: string; maxDuration: number }
    expect([existsSync(join(folder, handler)), maxDuration]).toEqual([true, 60])
    const { version, routes } = json(join(output, 'config.json')) as { version: number; routes: { dest: string }[] }
    expect([version, routes.map(({ dest }) => existsSync(join(output, `functions${dest}.func`)))]).toEqual([3, [true]])
  })

  it('is what vercel.json builds with', () => {
    const { buildCommand } = json(join(root, 'examples/vercel/vercel.json')) as { buildCommand: string }
    expect(buildCommand).toBe('cd ../.. && npm run build:vercel')
  })
})

describe('examples/node/Dockerfile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lexigram-edge-node-'))
  const lines = readFileSync(join(root, 'examples/node/Dockerfile'), 'utf8').split('\n')
  const environment = lines.find((line) => line.startsWith('ENV '))!.slice(4)
  const command_ = JSON.parse(lines.findLast((line) => line.startsWith('CMD '))!.slice(4)) as [string, string]
  let running: NodeProcess
  beforeAll(async () => {
    await command('build-node')
    for (const line of lines) {
      const [, from, to] = /^COPY --from=build \/app\/(\S+) (\S+)$/.exec(line) ?? []
      if (from === undefined || to === undefined) continue
      mkdirSync(dirname(join(folder, to)), { recursive: true })
      cpSync(join(root, from), join(folder, to), { recursive: true })
    }
    const image = Object.fromEntries(environment.split(' ').map((pair) => pair.split(/=(.*)/s).slice(0, 2)))
    running = await startNode([join(folder, command_[1])], options({ ...image, ...(await migratedEnvironment()) }))
  })
  afterAll(async () => {
    await running.stop()
    rmSync(folder, { recursive: true })
  })

  const send: Send = (path, init) => fetch(new URL(path, running.url.replace('0.0.0.0', '127.0.0.1')), init)
  describeCatalogue('what the container runs', send)

  it('listens on every address', () => {
    expect(running.url).toContain('0.0.0.0')
  })
})
