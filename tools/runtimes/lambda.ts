import { join } from 'node:path'
import { UsageError } from '../../src/core/errors.ts'
import { installToolSet } from '../packages/install-tool-set.ts'
import { bundleFunction } from './lambda-function.ts'
import { lambdaTools } from '../packages/lambda-tools.ts'
import { root } from '../commands/steps.ts'
import { folderOf } from '../packages/tool-set.ts'
import { failure, toHttpApiEvent, toHttpApiResponse } from './http-api.ts'
import { createEnvironments, type Environments } from './lambda-environments.ts'
import type { LaunchOptions, Running } from './runtime.ts'
import { serveFetch } from './serve-fetch.ts'

/** As in serverless.yml. */
const timeout = 29_000

/** Of Lambda's own API, so that events other than requests can be sent as well. */
const invocations = /^\/2015-03-31\/functions\/[^/]+\/invocations$/

/**
 * Runs examples/lambda in Lambda's runtime client, with a stand-in for an HTTP API and for Lambda's `Invoke`.
 *
 * @throws UsageError when the runtime client cannot be installed
 */
export async function launchLambda({ env, port, inspected, progress, signal }: LaunchOptions): Promise<Running> {
  const { failure: reason } = await installToolSet(lambdaTools, { tell: progress, signal })
  if (reason !== undefined) {
    throw new UsageError(`Lambda’s runtime client cannot be installed:\n${reason}`, {
      hint: 'Connect to the network, and install make, cmake and a C++ compiler.',
    })
  }
  progress('bundling examples/lambda …')
  const code = await bundleFunction(join(root, 'examples/lambda/index.ts'), inspected)
  signal.throwIfAborted()
  const environments = createEnvironments(code, {
    tools: join(folderOf(lambdaTools), 'node_modules'),
    env,
    timeout,
    most: 2,
    onOutput: (text) => progress(text.trimEnd()),
  })
  try {
    const server = await serveFetch(async (request, client) => {
      if (invocations.test(new URL(request.url).pathname)) return invoke(environments, await request.text())
      const event = await toHttpApiEvent(request, client)
      if (event === undefined) return failure(413, 'Request Entity Too Large')
      return toHttpApiResponse(await environments.invoke(event))
    }, port)
    return {
      url: server.url,
      note: 'in Lambda’s runtime client, behind a stand-in for an HTTP API; a second process answers while the first is busy',
      memoryNote: 'documents are of one process, until it stops',
      async stop() {
        await server.close()
        await environments[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await environments[Symbol.asyncDispose]()
    throw error
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
async function invoke(environments: Environments, payload: string): Promise<Response> {
  const event = parse(payload)
  if (event === undefined) return Response.json({ Type: 'User', message: 'the event must be JSON' }, { status: 400 })
  const outcome = await environments.invoke(event.value)
  const headers = { 'content-type': 'application/json' }
  if (outcome?.kind === 'response') return new Response(new Uint8Array(outcome.body), { headers })
  const body = outcome?.body.toString() ?? '{"errorMessage":"the function has ended without an answer"}'
  return new Response(body, { headers: { ...headers, 'x-amz-function-error': 'Unhandled' } })
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text === '' ? 'null' : text) as unknown }
  } catch {
    return undefined
  }
}
