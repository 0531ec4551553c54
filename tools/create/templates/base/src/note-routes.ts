import { Hono } from 'hono'
import { err, NotFoundError, ok } from 'lexigram-edge'
import { resolve, respond, validJson } from 'lexigram-edge/hono'
import { NewNote, Notes } from './note.ts'

export const noteRoutes = new Hono()

noteRoutes.post('/notes', async (c) => {
  const body = await validJson(c, NewNote)
  if (!body.ok) return respond(c, body)
  const notes = await resolve(c, Notes)
  const note = await notes.save({ id: crypto.randomUUID(), ...body.value })
  return respond(c, ok(note), { status: 201 })
})

noteRoutes.get('/notes', async (c) => {
  const notes = await resolve(c, Notes)
  return c.json(await notes.list({ sort: [['id', 'asc']], limit: 20 }))
})

noteRoutes.get('/notes/:id', async (c) => {
  const notes = await resolve(c, Notes)
  return respond(c, await notes.get(c.req.param('id')))
})

noteRoutes.delete('/notes/:id', async (c) => {
  const notes = await resolve(c, Notes)
  const deleted = await notes.delete(c.req.param('id'))
  return respond(c, deleted ? ok() : err(new NotFoundError('the note cannot be found')))
})
