import type { GraphNode } from '../../../src/inspector/wire.ts'

export interface Placed {
  readonly node: GraphNode
  readonly x: number
  readonly y: number
}

export interface Layout {
  readonly placed: ReadonlyMap<string, Placed>
  readonly edges: readonly { readonly from: Placed; readonly to: Placed; readonly isAlias: boolean }[]
  readonly width: number
  readonly height: number
}

export const nodeSize = { width: 228, height: 40 }
const gap = { x: 64, y: 14 }
const margin = 12

/** What a node leads to: what it needs, or what it is another token for. */
export function targetsOf({ needs, aliasOf }: GraphNode): readonly string[] {
  return aliasOf === undefined ? needs : [...needs, aliasOf]
}

/** Places each node in a column to the left of all that it needs, and orders columns so that few lines cross. */
export function layOut(nodes: readonly GraphNode[]): Layout {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const depthOf = depths(byName)
  const columns: string[][] = []
  const last = Math.max(0, ...depthOf.values())
  // What nothing needs stands on the left.
  for (const { name } of byName.values()) (columns[last - (depthOf.get(name) ?? 0)] ??= []).push(name)
  const filled = Array.from({ length: last + 1 }, (_, index) => columns[index] ?? [])
  const ordered = uncross(filled, byName)
  const tallest = Math.max(1, ...ordered.map((column) => column.length))
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
  return { placed, edges, width: ordered.length * step.x - gap.x + 2 * margin, height }
}

/** How long the longest way down is: 0 for what needs nothing. A sealed graph has no cycles; what was sent may have. */
function depths(byName: ReadonlyMap<string, GraphNode>): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  const under = new Set<string>()
  const depth = (name: string): number => {
    const known = found.get(name)
    if (known !== undefined) return known
    if (under.has(name)) return 0
    under.add(name)
    const node = byName.get(name)
    const needs = node === undefined ? [] : targetsOf(node).filter((need) => byName.has(need))
    const value = needs.length === 0 ? 0 : 1 + Math.max(...needs.map(depth))
    under.delete(name)
    found.set(name, value)
    return value
  }
  for (const name of byName.keys()) depth(name)
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
