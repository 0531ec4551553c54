import { compareInRounds } from '../engine/rounds.ts'
import { electro, toolbox, vendor, withFetch, withSdk } from './dynamodb-clients.ts'
import { prepared } from './prepared.ts'

await compareInRounds('dynamodb-get', {
  title: 'a document by its key on DynamoDB, CPU of the client over a server that answers at once',
  warmUp: 3000,
  cases: {
    'lib-dynamodb': prepared(vendor),
    'lexigram-edge over the SDK': prepared(withSdk),
    'lexigram-edge over fetch': prepared(withFetch),
    ElectroDB: prepared(electro),
    'dynamodb-toolbox': prepared(toolbox),
  },
})
