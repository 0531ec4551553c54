import { findToolSet, type ToolSet } from './tool-set.ts'

/** Which versions of the peers: both ends of their ranges, and the candidate of Drizzle's next. */
export type PeerSet = 'lowest' | 'newest' | 'next'

/** The peers that the package says it works with. */
export const peerSets: Readonly<Record<PeerSet, ToolSet>> = {
  lowest: set('lowest'),
  newest: set('newest'),
  next: set('next'),
}

/** The `node_modules` of a set. @see findToolSet */
export const findPeers = (which: PeerSet): string | undefined => findToolSet(peerSets[which])

function set(which: string): ToolSet {
  return {
    title: `the ${which} peers`,
    manifests: `tools/peers/${which}`,
    name: `peers/${which}`,
    script: 'setup:peers',
  }
}
