/** What is in parentheses. */

import type { RegexContext, RegexFlags, RegexNode } from './syntax.ts'

/** Reads a group whose opening parenthesis has been read; undefined for a comment. */
export function parseGroup(context: RegexContext, flags: RegexFlags): RegexNode | undefined {
  const { reader } = context
  if (reader.take('?#')) {
    if (reader.until(')') === undefined) throw context.fail('a comment is not closed')
    return undefined
  }
  const look = reader.match(/^\?<?[=!]/)
  if (look !== undefined) {
    const body = close(context, flags)
    if (look[0].startsWith('?<') && isEndless(body)) throw context.fail('a look-behind without bounds')
    return { kind: 'look', open: `(${look[0]}`, body }
  }
  if (reader.take('?>')) return { kind: 'atomic', body: close(context, flags), name: context.freshName() }
  const reference = reader.match(/^\?P=(\w+)\)/)
  if (reference !== undefined) return backreference(context, flags, reference[1] ?? '')
  const named = reader.match(/^\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/)
  if (named !== undefined) return { kind: 'group', open: `(?<${named[1] ?? named[2]}>`, body: close(context, flags) }
  const scoped = reader.match(/^\?([imsx]*)(?:-([imsx]+))?:/)
  if (scoped !== undefined) {
    return { kind: 'group', open: '(?:', body: close(context, changeFlags(flags, scoped[1] ?? '', scoped[2] ?? '')) }
  }
  if (reader.peek() === '?' || reader.peek() === '*') throw context.fail('a kind of group that is not portable')
  return { kind: 'group', open: '(', body: close(context, flags) }
}

export function backreference(context: RegexContext, flags: RegexFlags, group: string): RegexNode {
  return { kind: 'backreference', group, ignoreCase: flags.ignoreCase && !context.ignoreCase }
}

/** Whether a match may be of any length. */
function isEndless(node: RegexNode): boolean {
  switch (node.kind) {
    case 'repeat':
      return node.max === Infinity || isEndless(node.body)
    case 'sequence':
      return node.items.some(isEndless)
    case 'choice':
      return node.branches.some(isEndless)
    case 'group':
    case 'atomic':
      return isEndless(node.body)
    case 'set':
    case 'assertion':
    case 'backreference':
    case 'look':
    default:
      return false
  }
}

function close(context: RegexContext, flags: RegexFlags): RegexNode {
  const body = context.branches(context, flags)
  if (!context.reader.take(')')) throw context.fail('a group is not closed')
  return body
}

export function changeFlags(flags: RegexFlags, on: string, off: string): RegexFlags {
  const value = (letter: string, current: boolean): boolean => (current || on.includes(letter)) && !off.includes(letter)
  return {
    ignoreCase: value('i', flags.ignoreCase),
    multiline: value('m', flags.multiline),
    dotAll: value('s', flags.dotAll),
    extended: value('x', flags.extended),
  }
}
