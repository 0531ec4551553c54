import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sqsRecord } from '../lambda/fixtures/records.ts'
import { adoptionOf, compileFile, createAdoptingProject, type Adoption } from './adopting-project.ts'
import { installPackage, type InstalledPackage } from './installed-package.ts'
import { httpApiEvent, invokeFunction, runOnNode, runWorker, type Running } from './platforms.ts'
import type { Project } from './project.ts'

const bundled = { module: 'esnext', moduleResolution: 'bundler', target: 'es2022', strict: true, skipLibCheck: true }
const onNode = { ...bundled, module: 'nodenext', moduleResolution: 'nodenext', types: ['node'] }

let installed: InstalledPackage
beforeAll(async () => {
  installed = await installPackage()
})
afterAll(() => installed[Symbol.dispose]())

const text = async (response: Promise<Response>) => [(await response).status, await (await response).text()]

/** A file of a page, by its path and how often it is shown. */
function fileOf({ files }: Adoption, path: string, time: number) {
  const found = files.filter((file) => file.path === path)[time]
  if (found === undefined) throw new Error(`the page shows ${path} less than ${time + 1} times`)
  return found
}

describe('docs/workers.md', () => {
  const page = adoptionOf('docs/workers.md')
  const compilerOptions = { ...bundled, lib: ['esnext'], types: ['@cloudflare/workers-types'] }
  let project: Project
  beforeAll(() => {
    const has = ['hono', '@cloudflare/workers-types']
    project = createAdoptingProject(installed, page, { has, compilerOptions, type: 'module' })
  })
  afterAll(() => project[Symbol.dispose]())

  const run = async (time: number): Promise<Running> => {
    const file = fileOf(page, 'src/index.ts', time)
    await compileFile(project, file)
    return runWorker(project, file.path)
  }

  it('starts with a Worker that answers', async () => {
    await using worker = await run(0)
    expect(await text(worker.send('/'))).toEqual([200, 'hello'])
    expect((await worker.send('/health/live')).status).toBe(404)
  })

  it('makes it a healthy one that answers as before', async () => {
    await using worker = await run(1)
    expect(await text(worker.send('/'))).toEqual([200, 'hello'])
    expect((await worker.send('/health/live')).status).toBe(200)
  })

  it('makes that one with a provider, whose errors are problem details', async () => {
    await using worker = await run(2)
    expect(await text(worker.send('/'))).toEqual([200, 'hello'])
    expect(await text(worker.send('/cart/tea', { method: 'POST' }))).toEqual([204, ''])
    const missing = await worker.send('/missing')
    expect([missing.status, missing.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  })
})

describe('docs/vercel.md', () => {
  const page = adoptionOf('docs/vercel.md')
  let project: Project
  beforeAll(() => {
    const options = { has: ['hono', '@types/node'], compilerOptions: onNode, type: 'module' } as const
    project = createAdoptingProject(installed, page, options)
  })
  afterAll(() => project[Symbol.dispose]())

  it.each([
    ['starts with a function that answers', 0, 404],
    ['makes it a healthy one that answers as before', 1, 200],
  ])('%s', async (_, time, health) => {
    const module = await compileFile(project, fileOf(page, 'api/index.ts', time))
    await using server = await runOnNode(module, 'vercel')
    expect(await text(server.send('/'))).toEqual([200, 'hello'])
    expect((await server.send('/health/live')).status).toBe(health)
  })
})

describe('docs/node.md', () => {
  const page = adoptionOf('docs/node.md')
  let project: Project
  beforeAll(() => {
    const options = { has: ['hono', '@types/node'], compilerOptions: onNode, type: 'module' } as const
    project = createAdoptingProject(installed, page, options)
  })
  afterAll(() => project[Symbol.dispose]())

  it('makes a healthy server that answers', async () => {
    await using server = await runOnNode(await compileFile(project, fileOf(page, 'src/index.ts', 0)))
    expect(await text(server.send('/'))).toEqual([200, 'hello'])
    expect((await server.send('/health/live')).status).toBe(200)
    expect((await server.send('/health/ready')).status).toBe(200)
  })
})

describe('docs/lambda.md', () => {
  const page = adoptionOf('docs/lambda.md')
  let project: Project
  beforeAll(() => {
    // CommonJS, as most functions are before and after they are bundled.
    const compilerOptions = { ...bundled, types: ['node'] }
    project = createAdoptingProject(installed, page, { has: ['@types/node'], compilerOptions })
  })
  afterAll(() => project[Symbol.dispose]())

  const invoke = async (path: string, time: number, event: object) => {
    await compileFile(project, fileOf(page, path, time))
    return invokeFunction(project, path, event)
  }

  it('makes of a handler of requests one that answers the same', async () => {
    for (const time of [0, 1]) {
      for (const [query, name] of [
        ['', 'world'],
        ['?name=Ada%20L.', 'Ada L.'],
      ] as const) {
        const result = await invoke('src/index.ts', time, await httpApiEvent(`/${query}`))
        expect(result).toMatchObject({ statusCode: 200, body: JSON.stringify({ hello: name }) })
        expect(result).toMatchObject({ headers: { 'content-type': 'application/json' } })
      }
    }
  })

  it('makes of a handler of messages one that reports the same failures', async () => {
    const messages = ['{"item":"tea"}', '{}', 'no JSON'].map((body, index) => sqsRecord(`m-${index}`, body))
    for (const time of [0, 1]) {
      const result = await invoke('src/orders.ts', time, { Records: messages })
      expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }, { itemIdentifier: 'm-2' }] })
    }
  })
})
