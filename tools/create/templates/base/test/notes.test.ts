import type { TestApplication } from 'lexigram-edge/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApp } from './start-app.ts'

let app: TestApplication
beforeAll(async () => {
  app = await startApp()
}, 120_000)
// Waits for the end of every request, so read every body.
afterAll(() => app[Symbol.asyncDispose]())

const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) })

it('keeps a note', async () => {
  const created = await app.fetch('/notes', post({ text: 'buy tea' }))
  expect(created.status).toBe(201)
  const note = (await created.json()) as { id: string }
  const found = await app.fetch(`/notes/${note.id}`)
  expect(await found.json()).toEqual({ id: note.id, text: 'buy tea' })
})

it('refuses a note without text by its reason', async () => {
  const refused = await app.fetch('/notes', post({}))
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({ issues: [{ path: ['text'] }] })
})

it('answers 404 for a note that does not exist', async () => {
  const missing = await app.fetch('/notes/none')
  expect(missing.status).toBe(404)
  expect(await missing.json()).toMatchObject({ code: 'LEX_ERR_DOM_002' })
})
