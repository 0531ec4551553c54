import { compareInRounds } from '../engine/rounds.ts'
import { byHand, careful, lexigram } from './firestore-clients.ts'
import { prepared } from './prepared.ts'

await compareInRounds('firestore-get', {
  title: 'a document by its name on Firestore, CPU of the client over a server that answers at once',
  warmUp: 3000,
  cases: {
    'by hand': prepared(byHand),
    'by hand, with all that is stored': prepared(careful),
    'lexigram-edge': prepared(lexigram),
  },
})
