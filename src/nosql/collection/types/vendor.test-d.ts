import type { Decimal128, Timestamp, UUID } from 'mongodb'
import { describe, expectTypeOf, it } from 'vitest'
import type { DocumentStore } from '../../store/document-store.ts'
import type { Collection } from '../collection.ts'

interface Invoice {
  readonly _id: UUID
  readonly total: Decimal128
  readonly parts: readonly Decimal128[]
  readonly lines: readonly { readonly price: Decimal128; readonly ref?: UUID }[]
  readonly at?: Timestamp
}

declare const store: DocumentStore
declare const invoices: Collection<Invoice>
declare const total: Decimal128
declare const _id: UUID
declare const at: Timestamp

describe('values of the vendor', () => {
  it('are read in their types', () => {
    expectTypeOf(invoices.findOne({ _id })).resolves.toEqualTypeOf<Invoice | null>()
    expectTypeOf(invoices.distinct('total')).resolves.toEqualTypeOf<Decimal128[]>()
  })

  it('are inserted', () => {
    void invoices.insertOne({ _id, total, parts: [total], lines: [{ price: total, ref: _id }] })
    void store.collection('any').insertOne({ _id, total, parts: [total], lines: [{ price: total }], at })
  })

  it('are compared with', () => {
    void invoices.find({ total, _id: { $in: [_id] }, parts: total, at: { $gt: at }, 'lines.price': { $gte: total } })
    void invoices.find({ lines: { $elemMatch: { price: { $lt: total } } }, parts: { $elemMatch: { $lt: total } } })
    // @ts-expect-error: a number
    void invoices.find({ total: 3 })
    // @ts-expect-error: text
    void invoices.find({ _id: { $in: ['a'] } })
    // @ts-expect-error: nothing is within a decimal
    void invoices.find({ 'total.bytes': 3 })
  })

  it('are set by updates', () => {
    void invoices.updateOne({ _id }, { $set: { total, 'lines.0.price': total }, $push: { parts: total } })
    void invoices.updateMany({}, { $mul: { total: 2 } })
    void invoices.updateMany({}, { $inc: { total }, $max: { total }, $addToSet: { parts: total } })
    void invoices.updateMany({}, { $pull: { parts: { $lt: total } } })
    // @ts-expect-error: text
    void invoices.updateOne({ _id }, { $set: { total: '9.99' } })
  })
})
