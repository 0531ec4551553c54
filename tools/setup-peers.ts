// Installs the peers that the packed package is tested with.
import { peerSets } from './peers.ts'
import { setUp } from './set-up.ts'

await setUp(Object.values(peerSets))
