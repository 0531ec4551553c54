import type { RuntimeTraits } from '../container/provider.ts'

/** Where sockets and promises may be shared between requests: Node, Lambda, containers. */
export const sharedRuntime: RuntimeTraits = { name: 'node', socketsOutliveRequests: true, sharesPending: true }
