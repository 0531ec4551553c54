// Installs the peers that the packed package is tested with.
import { peerSets } from '../packages/peers.ts'
import { setUp } from '../packages/set-up.ts'

await setUp(Object.values(peerSets))
