import { lambda } from 'lexigram-edge/lambda'
import { createLedgerApplication } from './ledger-app.ts'
import { nodeLedger } from './node-ledger.ts'

export const handler = lambda(createLedgerApplication(() => nodeLedger(Number(process.env['LEDGER_PORT']))))
