import { describe, expect, it } from 'vitest'
import type { GraphNode, SpanRecord } from '../../src/inspector/wire.ts'
import { duration } from '../../web/inspector/model/format.ts'
import { layOut } from '../../web/inspector/model/layout.ts'
import { rowsOf } from '../../web/inspector/model/tree.ts'

const span = (spanId: string, parentId?: string): SpanRecord => ({
  traceId: 't',
  spanId,
  rootId: 'r',
  ...(parentId !== undefined && { parentId }),
  name: spanId,
  kind: 'internal',
  start: 0,
  attributes: {},
})

const outline = (spans: readonly SpanRecord[]): string[] =>
  rowsOf(spans).map(({ span: { spanId }, depth }) => `${' '.repeat(depth)}${spanId}`)

describe('the rows of a waterfall', () => {
  it('have each span before its parts', () => {
    const spans = [span('b', 'r'), span('r'), span('c', 'r'), span('d', 'b'), span('e', 'c')]
    expect(outline(spans)).toEqual(['r', ' b', '  d', ' c', '  e'])
  })

  it('have a part at the top whose parent was left out', () => {
    expect(outline([span('r'), span('a', 'gone')])).toEqual(['r', 'a'])
  })

  it('have every span once, whatever circles their parents make', () => {
    const spans = [span('r'), span('a', 'c'), span('b', 'a'), span('c', 'b'), span('s', 's'), span('d', 'b')]
    expect(outline(spans)).toEqual(['r', 'a', ' b', '  c', '  d', 's'])
  })

  it('may be as deep as there are spans', () => {
    const chain = Array.from({ length: 100_000 }, (_, index) =>
      span(`${index}`, index === 0 ? undefined : `${index - 1}`),
    )
    const rows = rowsOf(chain)
    expect(rows).toHaveLength(100_000)
    expect(rows.at(-1)).toMatchObject({ depth: 99_999, span: { spanId: '99999' } })
  })
})

describe('a duration', () => {
  it.each([
    [0, '0 ms'],
    [0.25, '0.25 ms'],
    [41, '41.0 ms'],
    [1240, '1.24 s'],
    [99_999, '100.00 s'],
    [600_000, '10.0 min'],
    [7 * 3_600_000, '7.0 h'],
    [1.728e16, '200,000,000 days'],
  ])('a duration of %d milliseconds is %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text)
  })
})

describe('the drawing of a graph', () => {
  const node = (name: string, needs: readonly string[]): GraphNode => ({
    ...{ name, lifetime: 'singleton', io: 'none', async: false, by: '' },
    needs,
  })

  it('places a node to the left of what it needs', () => {
    const { placed } = layOut([node('a', ['b', 'c']), node('b', ['c']), node('c', [])])
    const [a, b, c] = ['a', 'b', 'c'].map((name) => placed.get(name)?.x ?? 0)
    expect([a! < b!, b! < c!]).toEqual([true, true])
  })

  it('may be as deep as there are nodes', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => node(`${index}`, [`${index + 1}`]))
    expect(layOut(chain).placed.size).toBe(20_000)
  })

  it('counts the lines that are too many to draw', () => {
    const names = Array.from({ length: 300 }, (_, index) => `${index}`)
    const { edges, left } = layOut(names.map((name) => node(name, names)))
    expect([edges.length, left]).toEqual([5000, 85_000])
  })

  it('has every node of a circle', () => {
    expect(layOut([node('a', ['b']), node('b', ['a']), node('c', ['c'])]).placed.size).toBe(3)
  })
})
