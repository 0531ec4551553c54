import { Hono } from 'hono'
import { ok } from 'lexigram-edge'
import { resolve, respond, validJson } from 'lexigram-edge/hono'
import { fieldEq } from 'lexigram-edge/specification'
import { Comments, NewComment, type Comment } from './comments.ts'
import { Notes } from './note.ts'

export const commentRoutes = new Hono()

commentRoutes.post('/notes/:id/comments', async (c) => {
  const body = await validJson(c, NewComment)
  if (!body.ok) return respond(c, body)
  const note = await (await resolve(c, Notes)).get(c.req.param('id'))
  if (!note.ok) return respond(c, note)
  const comments = await resolve(c, Comments)
  const comment = await comments.save({ id: crypto.randomUUID(), noteId: note.value.id, ...body.value })
  return respond(c, ok(comment), { status: 201 })
})

commentRoutes.get('/notes/:id/comments', async (c) => {
  const comments = await resolve(c, Comments)
  const ofNote = fieldEq<Comment>('noteId', c.req.param('id'))
  return c.json(await comments.findBySpec(ofNote, { limit: 20 }))
})
