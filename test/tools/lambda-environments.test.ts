import { describe, expect, it } from 'vitest'
import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { createEnvironments } from '../../tools/runtimes/lambda-environments.ts'

const tools = findLambdaTools()
const name = tools === undefined ? ' (not installed: npm run setup:lambda)' : ''

/** Says which process it is; an event may have it wait, end or hang. */
const code = `exports.handler = async (event) => {
  if (event.end) process.exit(3)
  if (event.hang) await new Promise(() => setInterval(() => {}, 1000))
  await new Promise((resolve) => setTimeout(resolve, event.wait ?? 0))
  return { pid: process.pid }
}`

describe.skipIf(tools === undefined)(`a function’s processes${name}`, () => {
  const start = (timeout = 30_000) => createEnvironments(code, { tools: tools!, most: 2, timeout })
  type Environments = ReturnType<typeof start>
  const pidOf = async (environments: Environments, event: unknown): Promise<number> => {
    const outcome = await environments.invoke(event)
    return (JSON.parse(String(outcome?.body)) as { pid: number }).pid
  }

  it('have one invocation at a time', async () => {
    await using environments = start()
    const first = await pidOf(environments, {})
    expect(await pidOf(environments, {})).toBe(first)
    const pids = await Promise.all([1, 2, 3, 4, 5].map(() => pidOf(environments, { wait: 50 })))
    expect(new Set(pids).size).toBe(2)
    expect(await pidOf(environments, {})).toBe(first)
  })

  it('make room for others when they have ended, or have not answered in time', async () => {
    await using environments = start(1500)
    const first = await pidOf(environments, {})
    expect(await environments.invoke({ end: true })).toBeUndefined()
    const second = await pidOf(environments, {})
    expect(second).not.toBe(first)
    expect(await environments.invoke({ hang: true })).toBeUndefined()
    expect(await pidOf(environments, {})).not.toBe(second)
  })

  it('are gone afterwards', async () => {
    const environments = start()
    const pid = await pidOf(environments, {})
    await environments[Symbol.asyncDispose]()
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})
