import { createApplication } from 'lexigram-edge'
import { lambda } from 'lexigram-edge/lambda'
import { routes } from './routes.ts'

export const handler = lambda(createApplication({ name: 'bench', fetch: routes.fetch }))
