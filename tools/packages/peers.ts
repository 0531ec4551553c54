import { findToolSet, type ToolSet } from './tool-set.ts'

/** The peers that the package says it works with, at both ends of their ranges. */
export const peerSets: Readonly<Record<'lowest' | 'newest', ToolSet>> = {
  lowest: set('lowest'),
  newest: set('newest'),
}

/** The `node_modules` of a set. @see findToolSet */
export const findPeers = (which: 'lowest' | 'newest'): string | undefined => findToolSet(peerSets[which])

function set(which: string): ToolSet {
  return {
    title: `the ${which} peers`,
    manifests: `tools/peers/${which}`,
    name: `peers/${which}`,
    script: 'setup:peers',
  }
}
