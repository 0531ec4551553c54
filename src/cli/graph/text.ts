import { byRegistrant, type Drawing } from './drawing.ts'

/** One line for each registration, with what it needs (`→`) or stands for (`=`), under who registered it. */
export function toText(drawing: Drawing): string {
  const names = new Map(drawing.nodes.map(({ id, name }) => [id, name]))
  const widest = Math.max(0, ...drawing.nodes.map(({ name }) => name.length))
  const lines = [...byRegistrant(drawing)].flatMap(([by, nodes]) => [
    by,
    ...nodes.map(({ id, name, lifetime, io, alias }) => {
      const needed = drawing.edges.flatMap(({ from, to }) => (from === id ? [names.get(to)] : []))
      const holds = io === 'none' ? '' : ` (${io})`
      const needs = needed.length === 0 ? '' : `  ${alias ? '=' : '→'} ${needed.join(', ')}`
      return `  ${lifetime.padEnd(9)}  ${needs + holds === '' ? name : `${name.padEnd(widest)}${holds}${needs}`}`
    }),
  ])
  return [drawing.title, ...lines].join('\n')
}
