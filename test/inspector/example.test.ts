import { describe, expect, it, vi } from 'vitest'
import type { Overview, TraceDetail } from '../../src/inspector/receive/inspector-state.ts'
import { startInspector } from '../../src/inspector/server/start-inspector.ts'
import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { startExample } from '../../tools/runtimes/example.ts'
import { runtimeNames, type RuntimeName } from '../../tools/runtimes/launchers.ts'

const read = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T
const canRun = (runtime: RuntimeName): boolean => runtime !== 'lambda' || findLambdaTools() !== undefined

describe('the example with the inspector', () => {
  it.for(runtimeNames.map((runtime) => ({ runtime })))(
    'the example with the inspector in $runtime is shown',
    async ({ runtime }, { skip }) => {
      skip(!canRun(runtime), 'Lambda’s runtime client is not installed')
      await using inspector = await startInspector()
      const example = await startExample({ runtime, inspector: inspector.env })
      try {
        await (await fetch(`${example.url}/dashboard?token=hunter2`)).text()
        const found = await vi.waitFor(
          async () => {
            const { applications, requests } = await read<Overview>(`${inspector.url}/api/overview`)
            const request = requests.find(({ name, duration }) => name === 'GET /dashboard' && duration !== undefined)
            if (request === undefined) throw new Error('the request is not there yet')
            const { spans } = await read<TraceDetail>(`${inspector.url}/api/requests/${request.id}`)
            expect(spans.map(({ name }) => name)).toEqual(
              expect.arrayContaining(['SELECT products', 'aggregate reviews']),
            )
            return { application: applications[0], spans }
          },
          { timeout: 20_000, interval: 100 },
        )
        expect(found.application).toMatchObject({
          name: 'catalog',
          runtime: runtime === 'worker' ? 'workers' : runtime,
        })
        expect(found.application?.graph.map(({ name }) => name)).toContain('Products')
        expect(found.application?.held).toContain('DatabaseProvider')
        expect(JSON.stringify(found)).not.toMatch(/hunter2|postgres(?:ql)?:\/\//)
      } finally {
        await example.stop()
      }
    },
  )
})
