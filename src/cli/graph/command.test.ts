import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCliProject, sourceOf, type CliProject } from '../../../test/support/cli/project.ts'

let project: CliProject
let app: string
beforeAll(() => {
  project = createCliProject({ DATABASE_URL: 'pglite:memory' })
  app = project.write(
    'app.mjs',
    `import { createApplication, defineConfig, factory, provider, token } from '${sourceOf('lexigram-edge')}'
     import { DatabaseConfig, DbSession, sqlProvider } from '${sourceOf('lexigram-edge/sql')}'
     import { neon } from '${sourceOf('lexigram-edge/sql/neon')}'
     import { pglite } from '${sourceOf('lexigram-edge/sql/pglite')}'
     const Orders = token('Orders<"one"> & #2')
     class Checkout { static inject = [Orders, DbSession]; constructor() {} }
     const shop = provider('shop', { register(container) {
       container.scoped(Orders, factory([DbSession], () => ({})))
       container.transient(Checkout, Checkout)
     } })
     const config = defineConfig({ database: DatabaseConfig })
     export const app = createApplication({ name: 'shop', config, providers: [sqlProvider({ drivers: [neon(), pglite()] }), shop] })
     const Pool = token('Pool')
     const pooled = provider('pooled', { register: (container) => container.singleton(Pool, factory([], () => ({}), { io: 'socket' })) })
     export const sockets = createApplication({ name: 'sockets', providers: [pooled] })
     export const alone = createApplication({ name: 'alone', providers: [shop] })`,
  )
})
afterAll(() => project[Symbol.dispose]())

const graph = (...args: readonly string[]) => project.run('graph', app, '--export', 'app', ...args)

describe('lexigram-edge graph', () => {
  it('prints who registered what with what it needs', async () => {
    const { code, said } = await graph()
    expect(code).toBe(0)
    expect(said).toMatch(/^shop\n/)
    expect(said).toMatch(/ {2}scoped {5}DbSession +(?:\(\w+\) +)?= TransactionalDbSession$/m)
    expect(said).toMatch(/provider shop\n {2}scoped {5}Orders<"one"> & #2 +→ .*\n {2}transient {2}Checkout +→ Orders/)
  })

  it('draws with Mermaid, whatever the names are', async () => {
    const { said } = await graph('--format', 'mermaid')
    expect(said).toMatch(/^flowchart LR\n {2}subgraph g0\["/)
    expect(said).toContain('"Orders#lt;#quot;one#quot;#gt; & #35;2"]:::scoped')
    const idOf = (name: string) => new RegExp(`(n\\d+)\\["${name}"\\]`).exec(said)?.[1] ?? ''
    expect(said).toContain(`  ${idOf('DbSession')} -.-> ${idOf('TransactionalDbSession')}\n`)
    const id = /(n\d+)\["Checkout"\]/.exec(said)?.[1] ?? ''
    expect(said).toMatch(new RegExp(`^ {2}${id} --> n\\d+$`, 'm'))
  })

  it('draws an SVG in which boxes do not overlap and every line has its ends', async () => {
    const { said } = await graph('--format', 'svg')
    const number = (name: string, text: string) => Number(new RegExp(` ${name}="([\\d.]+)"`).exec(text)?.[1])
    const boxes = [...said.matchAll(/<rect [^>]*>/g)].map(([text]) => ({
      left: number('x', text),
      top: number('y', text),
      right: number('x', text) + number('width', text),
      bottom: number('y', text) + number('height', text),
    }))
    const { nodes, edges } = (await graph('--json')).json() as { nodes: unknown[]; edges: { alias?: boolean }[] }
    expect(boxes).toHaveLength(nodes.length)
    expect(said.match(/<polyline/g)).toHaveLength(edges.length)
    const aliases = edges.filter(({ alias }) => alias === true)
    expect(aliases.length).toBeGreaterThan(0)
    expect(said.match(/<polyline class="alias"/g)).toHaveLength(aliases.length)
    const overlaps = boxes.flatMap((a, i) =>
      boxes.slice(i + 1).filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom),
    )
    expect(overlaps).toEqual([])
    expect(said).toContain('Orders&lt;&quot;one&quot;&gt; &amp; #2')
    expect(said).not.toContain('NaN')
  })

  it('takes the choice that is asked for, or that of the environment', async () => {
    expect((await graph('--json', '--choice', 'sql=pglite')).json()).toMatchObject({ choices: { sql: 'pglite' } })
    expect((await graph('--json', '--env')).json()).toMatchObject({ choices: {} })
    expect(await graph('--choice', 'pglite')).toMatchObject({
      code: 2,
      said: expect.stringContaining('--choice must be <provider>=<driver>, not pglite'),
    })
    expect(await graph('--choice', 'sql=oracle')).toMatchObject({ code: 2, said: expect.stringContaining('sql=neon') })
  })

  it.each([
    [[], 2, /must export one application\n.*--export app/],
    [['--export', 'none'], 2, /must export an application as none/],
    [['--export', 'alone'], 1, /DbSession/],
    [['--export', 'app', '--format', 'png'], 2, /--format must be one of text, mermaid, svg/],
  ])('says what is wrong: %j', async (args, code, message) => {
    expect(await project.run('graph', app, ...args)).toMatchObject({ code, said: expect.stringMatching(message) })
  })
})

describe('lexigram-edge check', () => {
  it('says by its exit code whether every runtime fits', async () => {
    expect(await project.run('check', app, '--export', 'app')).toMatchObject({ code: 0 })
    const failed = await project.run('check', app, '--export', 'sockets')
    expect(failed).toMatchObject({ code: 1, said: expect.stringMatching(/✗ sockets on workers\n.*Pool/) })
    expect(failed.said).toContain('✓ sockets on node')
    const elsewhere = await project.run('check', app, '--export', 'sockets', '--runtime', 'node,lambda')
    expect(elsewhere).toMatchObject({ code: 0 })
  })

  it('prints the issues as JSON', async () => {
    const { code, json } = await project.run('check', app, '--export', 'alone', '--runtime', 'node', '--json')
    expect(code).toBe(1)
    expect(json()).toMatchObject({
      application: 'alone',
      runtimes: [{ runtime: 'node', issues: [{ kind: 'missing' }, { kind: 'missing' }] }],
    })
  })

  it('refuses a runtime that is not known', async () => {
    const { code, said } = await project.run('check', app, '--export', 'app', '--runtime', 'deno')
    expect({ code, said }).toEqual({ code: 2, said: expect.stringMatching(/--runtime must be one of node, lambda/) })
  })
})
