import type { Launch } from './runtime.ts'

export const runtimeNames = ['worker', 'lambda', 'vercel', 'node'] as const
export type RuntimeName = (typeof runtimeNames)[number]

export function isRuntimeName(name: string): name is RuntimeName {
  return (runtimeNames as readonly string[]).includes(name)
}

/** What runs the example in each runtime. Loaded when it is asked for: a runtime's tools take their time. */
export const launchers: Readonly<Record<RuntimeName, () => Promise<Launch>>> = {
  worker: async () => (await import('./worker.ts')).launchWorker,
  lambda: async () => (await import('./lambda.ts')).launchLambda,
  vercel: async () => (await import('./vercel.ts')).launchVercel,
  node: async () => (await import('./node.ts')).launchNode,
}
