import { ConflictError, DuplicateKeyError } from '../../core/errors.ts'
import { err } from '../../core/result/result.ts'
import type { Fetch } from '../../runtime/application-options.ts'
import { RequestContext } from '../../runtime/invocation/request-context.ts'
import { ConformanceSession } from './conformance-tokens.ts'

/** What handlers of `/throw` throw, by the query. Nothing of it is for callers. */
const thrown: Readonly<Record<string, unknown>> = {
  error: new Error('swordfish'),
  text: 'swordfish',
  data: { code: 'ECONNREFUSED', status: 400, message: 'swordfish' },
  foreign: Object.assign(new Error('swordfish'), { code: 'ECONNREFUSED', status: 400 }),
  null: null,
}

/** Failures, thrown and returned, from a scope that holds something. */
export const failureRoutes: Readonly<Record<string, Fetch>> = {
  '/throw': async (request, _env, { scope }) => {
    await scope.resolve(ConformanceSession)
    throw thrown[new URL(request.url).searchParams.get('what') ?? 'error']
  },
  '/conflict': async (_request, _env, { scope }) => {
    await scope.resolve(ConformanceSession)
    throw new ConflictError('taken')
  },
  '/duplicate': async (_request, _env, { scope }) => {
    await scope.resolve(ConformanceSession)
    throw new DuplicateKeyError('users_email has it', { details: { table: 'swordfish' }, publicMessage: 'taken' })
  },
  '/err': async (request, _env, context) => {
    await context.scope.resolve(ConformanceSession)
    return context.problem(err(new URL(request.url).searchParams.get('what') ?? ''))
  },
  '/abandoned': async (_request, _env, { scope }) => {
    await scope.resolve(ConformanceSession)
    const { signal } = await scope.resolve(RequestContext)
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    throw new Error('the statement cannot complete: it was aborted', { cause: signal.reason })
  },
  '/abandoned-body': async (_request, _env, { scope }) => {
    await scope.resolve(ConformanceSession)
    const { signal } = await scope.resolve(RequestContext)
    const pull = async (controller: ReadableStreamDefaultController): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      signal.throwIfAborted()
      controller.enqueue(new TextEncoder().encode('part\n'))
    }
    return new Response(new ReadableStream({ pull }))
  },
}
