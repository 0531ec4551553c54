import { byRegistrant, type Drawing } from './drawing.ts'

/** A flowchart of Mermaid, which GitHub and many editors draw. @see https://mermaid.js.org/syntax/flowchart.html */
export function toMermaid(drawing: Drawing): string {
  const groups = [...byRegistrant(drawing)].flatMap(([by, nodes], index) => [
    `  subgraph g${index}["${escaped(by)}"]`,
    ...nodes.map(({ id, name, lifetime }) => `    ${id}["${escaped(name)}"]:::${lifetime}`),
    '  end',
  ])
  const lines = drawing.edges.map(({ from, to, alias }) => `  ${from} ${alias ? '-.->' : '-->'} ${to}`)
  return ['flowchart LR', ...groups, ...lines, ...styles].join('\n')
}

const styles = [
  '  classDef singleton stroke-width:3px',
  '  classDef scoped stroke-width:1px',
  '  classDef transient stroke-dasharray:4 3',
]

function escaped(text: string): string {
  return text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;')
}
