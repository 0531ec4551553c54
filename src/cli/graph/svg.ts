import { graphlib, layout } from '../bundled/layout.ts'
import type { Drawing, DrawnNode } from './drawing.ts'

interface Point {
  readonly x: number
  readonly y: number
}
type Placed = DrawnNode & Point

/** Of a fixed-width font at 13 px, with which text is as wide as its letters are many. */
const letterWidth = 7.9
const height = 44

/** A drawing that needs no browser: each box says the name, lifetime and what it holds; a line leads to what it needs. */
export function toSvg(drawing: Drawing): string {
  const { nodes, lines, size } = place(drawing)
  const summary = `${nodes.length} registrations of ${drawing.title}, and what each needs`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escaped(summary)}">`,
    `<title>${escaped(drawing.title)}</title>`,
    style,
    '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
    ...lines.map(
      ({ points, alias }) =>
        `<polyline${alias ? ' class="alias"' : ''} points="${points.map(({ x, y }) => `${round(x)},${round(y)}`).join(' ')}"/>`,
    ),
    ...nodes.map(box),
    '</svg>',
  ].join('\n')
}

function place({ nodes, edges }: Drawing) {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 70, marginx: 16, marginy: 16 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const node of nodes) graph.setNode(node.id, { width: widthOf(node), height })
  for (const { from, to } of edges) graph.setEdge(from, to)
  layout(graph)
  // The layout has given each node its centre, each edge its points, and the whole its size.
  const at = (id: string) => graph.node(id) as Point
  const { width = 0, height: high = 0 } = graph.graph() as { readonly width?: number; readonly height?: number }
  return {
    nodes: nodes.map((node) => ({ ...node, ...pick(at(node.id)) })),
    lines: edges.map(({ from, to, alias }) => ({
      ...(graph.edge(from, to) as { readonly points: readonly Point[] }),
      alias,
    })),
    size: { width: Math.ceil(width), height: Math.ceil(high) },
  }
}

function pick({ x, y }: Point): Point {
  return { x, y }
}

function box(node: Placed): string {
  const width = widthOf(node)
  const [left, top] = [round(node.x - width / 2), round(node.y - height / 2)]
  return [
    `<g class="${node.lifetime}"><title>${escaped(`${node.name}: ${node.lifetime}, by ${node.by}`)}</title>`,
    `<rect x="${left}" y="${top}" width="${round(width)}" height="${height}" rx="6"/>`,
    `<text x="${round(node.x)}" y="${round(node.y - 3)}">${escaped(node.name)}</text>`,
    `<text class="more" x="${round(node.x)}" y="${round(node.y + 13)}">${escaped(moreOf(node))}</text></g>`,
  ].join('')
}

function moreOf({ lifetime, io, alias }: DrawnNode): string {
  if (alias) return 'alias'
  return io === 'none' ? lifetime : `${lifetime}, ${io}`
}

function widthOf(node: DrawnNode): number {
  return Math.max(node.name.length, moreOf(node).length) * letterWidth + 24
}

const style = `<style>
text { font: 13px ui-monospace, Menlo, Consolas, monospace; text-anchor: middle; fill: #1a1a1a }
.more { font-size: 11px; fill: #555 }
rect { fill: #fff; stroke: #555; stroke-width: 1 }
.singleton rect { stroke-width: 2.5 }
.transient rect { stroke-dasharray: 4 3 }
.alias { stroke-dasharray: 2 3 }
polyline { fill: none; stroke: #888; stroke-width: 1.2; marker-end: url(#end) }
marker path { fill: #888 }
@media (prefers-color-scheme: dark) {
  text { fill: #eee } .more { fill: #aaa } rect { fill: #1e1e1e; stroke: #aaa }
}
</style>`

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
