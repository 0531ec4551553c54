import { createApplication, createContainer, factory, token, type Lifetime } from 'lexigram-edge'
import { connectionProvider, type Connection, type RuntimeTraits } from 'lexigram-edge/runtime'
import { describe, expect, it } from 'vitest'
import { lambdaTraits, sharedRuntime, vercelTraits, workersTraits } from '../../src/runtime/runtime-traits.ts'
import { codeBlocksOf } from './code-blocks.ts'

const diagramsOf = (document: string): readonly string[] =>
  codeBlocksOf(document)
    .filter(({ language }) => language === 'mermaid')
    .map(({ code }) => code)

describe('the diagram of lifetimes', () => {
  const diagram = diagramsOf('docs/lifecycle.md').find((code) => code.startsWith('flowchart')) ?? ''
  const arrows = [...diagram.matchAll(/^ *(\w+) (-->|-\. never \.->) (\w+)$/gm)].map(
    ([, from = '', arrow = '', to = '']) => ({ from, to, allowed: arrow === '-->' }),
  )

  it('has all lifetimes', () => {
    const named = new Set(arrows.flatMap(({ from, to }) => [from, to]))
    expect([...named].toSorted()).toEqual(['scoped', 'singleton', 'transient', 'value'])
  })

  it.each(arrows)('$from to $to is as the container has it: $allowed', ({ from, to, allowed }) => {
    const Used = token<object>('Used')
    const User = token<object>('User')
    const container = createContainer()
    if (to === 'value') container.value(Used, {})
    else
      container[to as Lifetime](
        Used,
        factory([], () => ({})),
      )
    container[from as Lifetime](
      User,
      factory([Used], (used) => ({ used })),
    )
    if (allowed) expect(() => container.seal()).not.toThrow()
    else expect(() => container.seal()).toThrow('a singleton would keep a scoped instance (User → Used)')
  })
})

describe('the diagram of connections', () => {
  const [diagram = ''] = diagramsOf('docs/connections.md')
  const groups = diagram.split(/^ *subgraph /m).slice(1)
  const ownerOn = (platform: string): string | undefined => {
    const group = groups.find((text) => (/\["(.*)"\]/.exec(text)?.[1] ?? '').split(', ').includes(platform)) ?? ''
    const owner = /(\w+)(?:\["[^"]*"\])? == owns ==>/.exec(group)?.[1] ?? ''
    return new RegExp(`${owner}\\["([^"]*)"\\]`).exec(group)?.[1]
  }

  it.each<[string, RuntimeTraits]>([
    ['Lambda', lambdaTraits],
    ['Node', sharedRuntime],
    ['Vercel', vercelTraits],
    ['Workers', workersTraits],
  ])('says who owns a connection on %s', async (platform, runtime) => {
    const opened = await connectionsOfTwoScopes(runtime)
    expect(ownerOn(platform)).toBe(opened === 1 ? 'the application' : 'each scope')
  })
})

/** How many connections an application opens when two scopes send a command each. */
async function connectionsOfTwoScopes(runtime: RuntimeTraits): Promise<number> {
  let opened = 0
  const Wire = token<Connection<string, string>>('Wire')
  const wire = connectionProvider(Wire, () => ({
    name: 'wire',
    connect: async () => {
      opened++
      return { execute: async (command: string) => command, ping: async () => {}, close: async () => {} }
    },
  }))
  await using running = await createApplication({ name: 'wired', providers: [wire] }).boot({}, runtime)
  for (const command of ['one', 'other']) {
    await using scope = running.container.scope()
    await (await scope.resolve(Wire)).execute(command)
  }
  return opened
}
