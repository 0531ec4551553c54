import { useMemo } from 'preact/hooks'
import type { ApplicationRecord, GraphNode } from '../../../src/inspector/wire.ts'
import { count } from '../model/format.ts'
import { useKeys } from '../model/keys.ts'
import { layOut, nodeSize, targetsOf, type Placed } from '../model/layout.ts'
import { go, hrefOf } from '../model/place.ts'
import { Empty, HowToConnect } from '../parts/empty.tsx'

/** The container: what is registered, how long it lives, and what needs what. */
export function GraphView({
  application,
  selected,
}: {
  application: ApplicationRecord | undefined
  selected: string | undefined
}) {
  const graph = application?.graph
  // What nobody needs and what needs nothing is listed beneath the drawing.
  const { drawn, alone } = useMemo(() => divide(graph ?? []), [graph])
  const layout = useMemo(() => layOut(drawn), [drawn])
  useKeys({ Escape: () => go('graph') })
  if (application === undefined) return <HowToConnect />
  if (application.graph.length === 0) {
    return (
      <Empty title="Nothing is registered">
        <p>Give the application providers: createApplication({'{ providers: [ … ] }'}).</p>
      </Empty>
    )
  }
  const used = new Set(application.used)
  const node = application.graph.find(({ name }) => name === selected)
  const near = new Set(
    node === undefined ? [] : [node.name, ...targetsOf(node), ...neededBy(application.graph, node.name)],
  )
  const isDim = (name: string): boolean => node !== undefined && !near.has(name)
  return (
    <section class="page" aria-label="Graph of the container">
      <p class="legend">
        <span>
          <i class="swatch singleton" aria-hidden="true" />
          singleton
        </span>
        <span>
          <i class="swatch scoped" aria-hidden="true" />
          scoped
        </span>
        <span>
          <i class="swatch transient" aria-hidden="true" />
          transient
        </span>
        <span>
          <i class="swatch alias" aria-hidden="true" />
          alias
        </span>
        <span>● made so far</span>
        <span>⇄ holds a socket</span>
        <span>☁ stateless client</span>
      </p>
      {drawn.length > 0 && (
        <div class="drawing" tabIndex={0} role="group" aria-label="Drawing; what needs something is left of it">
          <svg viewBox={`0 0 ${layout.width} ${layout.height}`} width={layout.width} height={layout.height}>
            {layout.edges.map(({ from, to, isAlias }) => (
              <path
                key={`${from.node.name} ${to.node.name}`}
                class={`edge ${isAlias ? 'alias' : ''} ${edgeClass(node, from.node.name, to.node.name)}`}
                d={curve(from, to)}
              />
            ))}
            {[...layout.placed.values()].map((placed) => (
              <Node
                key={placed.node.name}
                placed={placed}
                isUsed={used.has(placed.node.name)}
                isDim={isDim(placed.node.name)}
                isSelected={placed.node.name === selected}
              />
            ))}
          </svg>
        </div>
      )}
      {layout.left > 0 && <p class="muted">{count(layout.left, 'line')} more would not fit into the drawing.</p>}
      {node === undefined ? (
        <p class="muted">Choose a token to see what it needs, and what needs it.</p>
      ) : (
        <NodeDetail node={node} graph={application.graph} isUsed={used.has(node.name)} />
      )}
      {alone.length > 0 && (
        <>
          <h3>On their own</h3>
          <ul class="alone">
            {alone.map(({ name, lifetime }) => (
              <li key={name}>
                <a class={`chip ${lifetime}`} href={hrefOf('graph', name)}>
                  {used.has(name) && <span aria-hidden="true">● </span>}
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

interface NodeProps {
  readonly placed: Placed
  readonly isUsed: boolean
  readonly isDim: boolean
  readonly isSelected: boolean
}

function Node({ placed: { node, x, y }, isUsed, isDim, isSelected }: NodeProps) {
  const mark = node.io === 'socket' ? '⇄ ' : node.io === 'stateless' ? '☁ ' : ''
  return (
    <a
      href={hrefOf('graph', node.name)}
      class={`node ${node.lifetime} ${node.aliasOf === undefined ? '' : 'alias'} ${isDim ? 'dim' : ''} ${isSelected ? 'chosen' : ''}`}
      aria-label={`${node.name}, ${sortOf(node)}${isUsed ? ', made so far' : ''}`}
    >
      <title>{node.name}</title>
      <rect x={x} y={y} width={nodeSize.width} height={nodeSize.height} rx="7" />
      <rect class="edge-mark" x={x} y={y} width="5" height={nodeSize.height} rx="2.5" />
      <text x={x + 14} y={y + 17} class="node-name">
        {shorten(node.name, 24)}
      </text>
      <text x={x + 14} y={y + 32} class="node-more">
        {`${isUsed ? '● ' : ''}${mark}${sortOf(node)}${node.by === '' ? '' : ` · ${shorten(node.by, 14)}`}`}
      </text>
    </a>
  )
}

function NodeDetail({ node, graph, isUsed }: { node: GraphNode; graph: readonly GraphNode[]; isUsed: boolean }) {
  const dependents = neededBy(graph, node.name)
  return (
    <aside class="node-detail" aria-live="polite">
      <h3>{node.name}</h3>
      <p>
        {node.aliasOf !== undefined && (
          <>
            another token for{' '}
            <a class="chip" href={hrefOf('graph', node.aliasOf)}>
              {node.aliasOf}
            </a>
            ,{' '}
          </>
        )}
        {node.lifetime}
        {node.async && ', made asynchronously'}
        {node.io !== 'none' && `, ${node.io === 'socket' ? 'holds a socket' : 'a stateless client'}`}
        {node.by !== '' && `, registered by ${node.by}`}
        {isUsed ? ', made so far' : ', not made yet'}.
      </p>
      {node.aliasOf === undefined && <Names title="needs" names={node.needs} />}
      <Names title="needed by" names={dependents} />
    </aside>
  )
}

function Names({ title, names }: { title: string; names: readonly string[] }) {
  return (
    <p>
      <span class="muted">{title}: </span>
      {names.length === 0
        ? 'nothing'
        : names.map((name) => (
            <a key={name} class="chip" href={hrefOf('graph', name)}>
              {name}
            </a>
          ))}
    </p>
  )
}

function divide(graph: readonly GraphNode[]): { drawn: readonly GraphNode[]; alone: readonly GraphNode[] } {
  const needed = new Set(graph.flatMap(targetsOf))
  const isDrawn = (node: GraphNode): boolean => targetsOf(node).length > 0 || needed.has(node.name)
  return { drawn: graph.filter(isDrawn), alone: graph.filter((node) => !isDrawn(node)) }
}

function neededBy(graph: readonly GraphNode[], name: string): readonly string[] {
  return graph.filter((node) => targetsOf(node).includes(name)).map((node) => node.name)
}

function sortOf({ aliasOf, lifetime }: GraphNode): string {
  return aliasOf === undefined ? lifetime : 'alias'
}

function edgeClass(chosen: GraphNode | undefined, from: string, to: string): string {
  if (chosen === undefined) return ''
  return from === chosen.name || to === chosen.name ? 'near' : 'dim'
}

function curve(from: Placed, to: Placed): string {
  const [x1, y1] = [from.x + nodeSize.width, from.y + nodeSize.height / 2]
  const [x2, y2] = [to.x, to.y + nodeSize.height / 2]
  const bend = Math.max(24, (x2 - x1) / 2)
  return `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`
}

function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  // Named tokens differ at their ends: `DocumentStore(primary)`.
  const end = Math.floor((most - 1) / 2)
  return `${text.slice(0, most - 1 - end)}…${text.slice(-end)}`
}
