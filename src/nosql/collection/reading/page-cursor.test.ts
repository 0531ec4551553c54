import { describe, expect, it } from 'vitest'
import { createCursorSealer } from '../../../core/cursor/cursor-sealer.ts'
import { fromPageCursor, toPageCursor, type PageBinding } from './page-cursor.ts'

const sealer = createCursorSealer('a secret for tests')
const binding: PageBinding = { store: 'main', collection: 'users', filter: { a: /x/i, b: new Date(0) }, sort: [] }

describe('a page cursor of documents', () => {
  it('carries positions of every type', async () => {
    const position = [undefined, null, 1n, new Date(3), 'ü', new Uint8Array([7])]
    expect(await fromPageCursor(sealer, await toPageCursor(sealer, position, binding), binding)).toEqual(position)
  })

  it.each<readonly [string, Partial<PageBinding>]>([
    ['store', { store: 'other' }],
    ['collection', { collection: 'other' }],
    ['pattern in the filter', { filter: { a: /x/, b: new Date(0) } }],
    ['date in the filter', { filter: { a: /x/i, b: new Date(1) } }],
    ['sort', { sort: [{ path: 'a', direction: 1 }] }],
  ])('is refused with another %s', async (_what, other) => {
    const cursor = await toPageCursor(sealer, [1], binding)
    await expect(fromPageCursor(sealer, cursor, { ...binding, ...other })).rejects.toMatchObject({
      code: 'LEX_ERR_DOM_001',
    })
  })
})
