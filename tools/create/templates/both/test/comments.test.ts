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

it('keeps comments on a note', async () => {
  const note = (await (await app.fetch('/notes', post({ text: 'buy tea' }))).json()) as { id: string }
  const created = await app.fetch(`/notes/${note.id}/comments`, post({ text: 'green' }))
  expect(await created.json()).toMatchObject({ text: 'green' })
  const found = await app.fetch(`/notes/${note.id}/comments`)
  expect(await found.json()).toMatchObject([{ noteId: note.id, text: 'green' }])
})

it('refuses a comment on a note that does not exist', async () => {
  const refused = await app.fetch('/notes/none/comments', post({ text: 'green' }))
  expect(await refused.json()).toMatchObject({ status: 404, code: 'LEX_ERR_DOM_002' })
})
