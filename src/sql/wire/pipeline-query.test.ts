import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { PipelineQuery, type WireConnection } from './pipeline-query.ts'

/** As much of a vendor's connection as a query uses: nothing is sent. */
function connectionTo(stream: EventEmitter): WireConnection {
  const ignore = (): void => undefined
  return {
    stream: Object.assign(stream, { write: ignore }),
    parse: ignore,
    bind: ignore,
    describe: ignore,
    execute: ignore,
    sync: ignore,
  }
}

it('listens no more to the stream once a statement of it was refused', async () => {
  const stream = new EventEmitter()
  const stops: string[] = []
  const limit = { maxBytes: 10, stop: async () => void stops.push('stop'), cut: () => void stops.push('cut') }
  const query = new PipelineQuery([{ text: 'select 1 / 0', params: [] }], limit)
  query.submit(connectionTo(stream))
  query.handleError(Object.assign(new Error('division by zero'), { code: '22012', severity: 'ERROR' }))
  await expect(query.answers[0]).rejects.toMatchObject({ code: '22012' })
  stream.emit('data', new Uint8Array(100))
  expect(stream.listenerCount('data')).toBe(0)
  expect(stops).toEqual([])
})
