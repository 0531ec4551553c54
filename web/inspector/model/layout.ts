import type { GraphNode } from '../../../src/inspector/wire.ts'

export interface Placed {
  readonly node: GraphNode
  readonly x: number
  readonly y: number
}

export interface Edge {
  readonly from: Placed
  readonly to: Placed
  readonly isAlias: boolean
}

export interface Layout {
  readonly placed: ReadonlyMap<string, Placed>
  readonly edges: readonly Edge[]
  /** How many edges are not drawn, because there are too many. */
  readonly left: number
  readonly width: number
  readonly height: number
}

export const nodeSize = { width: 228, height: 40 }
const gap = { x: 64, y: 14 }
const margin = 12
/** More lines than this show nothing, and a page that draws them does not answer. */
const mostEdges = 5000

/** What a node leads to: what it needs, or what it is another token for. */
export function targetsOf({ needs, aliasOf }: GraphNode): readonly string[] {
  return aliasOf === undefined ? needs : [...needs, aliasOf]
}

/** Places each node in a column to the left of all that it needs, and orders columns so that few lines cross. */
export function layOut(nodes: readonly GraphNode[]): Layout {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const depthOf = depths(byName)
  const columns: string[][] = []
  const last = [...depthOf.values()].reduce((most, depth) => Math.max(most, depth), 0)
  // What nothing needs stands on the left.
  for (const { name } of byName.values()) (columns[last - (depthOf.get(name) ?? 0)] ??= []).push(name)
  const filled = Array.from({ length: last + 1 }, (_, index) => columns[index] ?? [])
  const ordered = uncross(filled, byName)
  const tallest = ordered.reduce((most, { length }) => Math.max(most, length), 1)
  const step = { x: nodeSize.width + gap.x, y: nodeSize.height + gap.y }
  const height = tallest * step.y - gap.y + 2 * margin
  const placed = new Map<string, Placed>()
  ordered.forEach((column, index) => {
    const top = (height - (column.length * step.y - gap.y)) / 2
    column.forEach((name, row) => {
      const node = byName.get(name)
      if (node !== undefined) placed.set(name, { node, x: margin + index * step.x, y: top + row * step.y })
    })
  })
  const edges = [...placed.values()].flatMap((from) =>
    targetsOf(from.node).flatMap((name) => {
      const to = placed.get(name)
      return to === undefined ? [] : [{ from, to, isAlias: name === from.node.aliasOf }]
    }),
  )
  const width = ordered.length * step.x - gap.x + 2 * margin
  const drawn = edges.slice(0, mostEdges)
  return { placed, edges: drawn, left: edges.length - drawn.length, width, height }
}

/** How long the longest way down is: 0 for what needs nothing. A sealed graph has no cycles; what was sent may have. */
function depths(byName: ReadonlyMap<string, GraphNode>): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  const under = new Set<string>()
  const needsOf = (name: string): readonly string[] => {
    const node = byName.get(name)
    return node === undefined ? [] : targetsOf(node).filter((need) => byName.has(need))
  }
  for (const first of byName.keys()) {
    // An explicit stack: a chain may be longer than the page's calls can be deep.
    const path = [first]
    for (let name = path.at(-1); name !== undefined; name = path.at(-1)) {
      const needs = found.has(name) ? [] : needsOf(name)
      const open = under.has(name) ? [] : needs.filter((need) => !found.has(need) && !under.has(need))
      if (open.length > 0 && !found.has(name)) {
        under.add(name)
        path.push(...open)
        continue
      }
      path.pop()
      if (found.has(name)) continue
      // What is still open above is part of a circle, and counts as its end.
      const below = needs.map((need) => 1 + (found.get(need) ?? 0))
      found.set(
        name,
        below.reduce((most, depth) => Math.max(most, depth), 0),
      )
    }
  }
  return found
}

/** Sorts each column by the mean place of its neighbours, back and forth: the barycentre method. */
function uncross(columns: readonly string[][], byName: ReadonlyMap<string, GraphNode>): readonly string[][] {
  const neighbours = new Map<string, string[]>()
  const connect = (one: string, other: string): void => {
    const list = neighbours.get(one)
    if (list === undefined) neighbours.set(one, [other])
    else list.push(other)
  }
  for (const node of byName.values()) {
    for (const need of targetsOf(node)) {
      if (!byName.has(need)) continue
      connect(node.name, need)
      connect(need, node.name)
    }
  }
  let ordered = columns
  for (let round = 0; round < 8; round++) {
    const places = new Map(ordered.flatMap((column) => column.map((name, row) => [name, row - column.length / 2])))
    const mean = (name: string): number => {
      const around = neighbours.get(name) ?? []
      if (around.length === 0) return Number.MAX_SAFE_INTEGER
      return around.reduce((sum, other) => sum + (places.get(other) ?? 0), 0) / around.length
    }
    ordered = ordered.map((column) => column.toSorted((a, b) => mean(a) - mean(b)))
  }
  return ordered
}
