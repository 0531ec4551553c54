import { Hono } from 'hono'
import { notFound, onError } from 'lexigram-edge/hono'
import { commentRoutes } from './comment-routes.ts'
import { noteRoutes } from './note-routes.ts'

export const routes = new Hono().onError(onError()).notFound(notFound).route('/', noteRoutes).route('/', commentRoutes)
