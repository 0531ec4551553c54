import { parseSync } from 'vite'
import { walk, type Node } from './voice.ts'

/** Joins two statements: what a list of things has no comma for, and what a second verb follows. */
const TWO_CLAIMS =
  /; |, (?:and|but) | and (?:is|are|was|has|have|does|do|not|never|may|can|cannot|must|asks|bounds|changes|closes|comes|counts|drops|ends|fails|gives|goes|holds|keeps|leaves|lets|loses|makes|names|puts|reads|refuses|releases|reports|returns|runs|says|sends|shows|starts|stays|stops|takes|tells|throws|tries|waits|works|writes) /

/** The titles of a file's tests. `${…}` stands for what is computed. */
export function titlesIn(path: string, text: string): readonly string[] {
  const titles: string[] = []
  walk(parseSync(path, text).program, (node) => {
    if (node.type === 'CallExpression' && isTest(node['callee'] as Node)) titles.push(...titleOf(node))
  })
  return titles
}

/** What continues the title of its `describe`, and says of nothing by itself what it claims. */
const WITHOUT_SUBJECT =
  /^(?:also|and|as|behind|by|for|from|in the place|not|of|that|though|to|whatever|whose|with|without) /

export const claimsTwice = (title: string): boolean => TWO_CLAIMS.test(title)

export const isPart = (title: string): boolean => WITHOUT_SUBJECT.test(title)

/** `it`, and what is made of it: `it.skip`, `it.each(cases)`, `it.skipIf(reason)`. */
function isTest(callee: Node): boolean {
  if (callee.type === 'Identifier') return callee['name'] === 'it'
  const inner = callee.type === 'CallExpression' ? callee['callee'] : callee['object']
  return inner !== undefined && isTest(inner as Node)
}

function titleOf(call: Node): readonly string[] {
  const [title] = call['arguments'] as Node[]
  if (title?.type === 'Literal' && typeof title['value'] === 'string') return [title['value']]
  if (title?.type !== 'TemplateLiteral') return []
  return [(title['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('${…}')]
}
