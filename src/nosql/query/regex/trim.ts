/** Shorter expressions that are found in the same texts. */

import type { RegexNode } from './syntax.ts'

/**
 * Without what only makes a match longer: loops at its ends need no more rounds than they must have. `.*a.*` becomes `a`,
 * and its search takes time in proportion to the text. Where it matches is then another matter.
 */
export function trimEnds(node: RegexNode): RegexNode {
  return refersBack(node) ? node : trim(node)
}

function trim(node: RegexNode): RegexNode {
  if (node.kind === 'choice') {
    const branches = node.branches.map(trim)
    return branches.every((branch, index) => branch === node.branches[index]) ? node : { kind: 'choice', branches }
  }
  if (node.kind !== 'sequence' || !(isLoose(node.items[0]) || isLoose(node.items.at(-1)))) return node
  const items = [...node.items]
  shorten(items, 'start')
  shorten(items, 'end')
  return { kind: 'sequence', items }
}

function isLoose(item: RegexNode | undefined): item is Extract<RegexNode, { kind: 'repeat' }> {
  return item?.kind === 'repeat' && item.max > item.min
}

function shorten(items: RegexNode[], side: 'start' | 'end'): void {
  for (;;) {
    const item = side === 'start' ? items[0] : items.at(-1)
    if (!isLoose(item)) return
    if (side === 'start') items.shift()
    else items.pop()
    if (item.min === 0) continue
    const least: RegexNode = { ...item, max: item.min }
    if (side === 'start') items.unshift(least)
    else items.push(least)
    return
  }
}

function refersBack(node: RegexNode): boolean {
  switch (node.kind) {
    case 'backreference':
      return true
    case 'sequence':
      return node.items.some(refersBack)
    case 'choice':
      return node.branches.some(refersBack)
    case 'repeat':
    case 'group':
    case 'look':
    case 'atomic':
      return refersBack(node.body)
    case 'set':
    case 'assertion':
    default:
      return false
  }
}
