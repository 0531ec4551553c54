import { expect, it, vi } from 'vitest'
import type { Application } from '../../src/runtime/index.ts'
import { useApplication } from './application-use.ts'

it('an application is stopped after the last server of its environment', async () => {
  const stop = vi.fn(() => Promise.resolve())
  const app = { stop } as unknown as Application // only `stop` is called
  const [env, other] = [{}, {}]
  const ends = [useApplication(app, env), useApplication(app, env), useApplication(app, other)] as const
  await ends[0]()
  expect(stop).not.toHaveBeenCalled()
  await ends[2]()
  await ends[1]()
  expect(stop.mock.calls).toEqual([[other], [env]])
})
