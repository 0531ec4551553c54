// The conformance application as a function. A header of the request holds its time limit.
import { createConformanceApplication } from 'lexigram-edge/testing'
import { vercel } from 'lexigram-edge/vercel'

const { app } = createConformanceApplication({
  onLog: (line) => void (process.env['PRINT_LOG'] && process.stdout.write(`log: ${line}\n`)),
})
const env = {}
const unlimited = vercel(app, { env })

export default {
  fetch(request: Request): Promise<Response> {
    const limit = request.headers.get('x-limit')
    if (limit === null) return unlimited.fetch(request)
    return vercel(app, { env, maxDuration: Number(limit) / 1000, deadlineMargin: 100 }).fetch(request)
  },
}
