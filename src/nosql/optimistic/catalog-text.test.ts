import { expect, it } from 'vitest'
import { parseIndex } from '../contract/index-model.ts'
import type { CatalogRecord } from './catalog-record.ts'
import { recordFromText, recordToText } from './catalog-text.ts'

it('keeps all that a catalogue says of an index', () => {
  const record: CatalogRecord = {
    indexes: [
      {
        model: parseIndex(
          { team: 1, joined: -1 },
          { unique: true, partialFilterExpression: { at: { $gt: new Date(5) } } },
        ),
        state: 'writing',
        dropping: false,
        since: 12,
        lease: { owner: 'a', until: 20 },
        cursor: [{ pk: { S: 'x' }, sk: { B: new Uint8Array([0, 255]) } }],
        documents: 7,
      },
      {
        model: parseIndex('email', { partialFilterExpression: { email: { $regex: '^a' } } }),
        state: 'ready',
        dropping: true,
        since: 12,
        lease: undefined,
        cursor: undefined,
        documents: 0,
      },
    ],
  }
  expect(recordFromText(recordToText(record))).toEqual(record)
})
