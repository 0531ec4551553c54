import {
  vercelEdgeTraits,
  vercelTraits,
  watchDecoded,
  type Runtime,
  type TerminableProcess,
} from '../../src/runtime/index.ts'

/** The edge runtime names itself. https://vercel.com/docs/functions/runtimes/edge#check-if-you're-running-on-the-edge-runtime */
export function vercelRuntime(attachPool: Runtime['attachPool']): Runtime {
  if ('EdgeRuntime' in globalThis) return vercelEdgeTraits
  const runtime = { ...vercelTraits, watchResponse: watchDecoded }
  return attachPool === undefined ? runtime : { ...runtime, attachPool }
}

/** The environment of Node and of the edge runtime, without asking for Node's types. */
export function processEnv(): object {
  return ownProcess()?.env ?? noEnv
}

/** The process of a function that Vercel runs on Node, which is signalled before it ends; undefined anywhere else. */
export function vercelInstance(): TerminableProcess | undefined {
  const process = ownProcess()
  const isInstance = process?.env?.['VERCEL'] !== undefined && process.listenerCount !== undefined
  // Node's has all of them.
  return isInstance ? (process as TerminableProcess) : undefined
}

function ownProcess(): (Partial<TerminableProcess> & { readonly env?: Record<string, unknown> }) | undefined {
  return (globalThis as { process?: ReturnType<typeof ownProcess> }).process // only Node.js has a process
}

/** One object, because an application boots once per environment object. */
const noEnv = {}
