import { parseSync } from 'vite'
import { walk, type Node } from './voice.ts'

/** A place where a file says that it knows a type better than the compiler. */
export interface Cast {
  readonly line: number
  /** What it claims: the type of `as`, or `!`. */
  readonly claim: string
  /** Whether a comment stands on its line, or above the statement or member that it is part of. */
  readonly hasReason: boolean
}

/** Every `as` and `!` of a file. `as const` narrows what is there and claims nothing. */
export function castsIn(path: string, text: string): readonly Cast[] {
  const { program, comments } = parseSync(path, text)
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length
  const commented = new Set(comments.flatMap(({ start, end }) => [lineOf(start), lineOf(end)]))
  const lines = text.split('\n')
  const casts: Cast[] = []
  walk(program, (node) => {
    const claim = claimOf(node, text)
    if (claim === undefined) return
    const line = lineOf(endOf(node))
    casts.push({ line, claim, hasReason: isExplained(line, commented, lines) })
  })
  return casts
}

function claimOf(node: Node, text: string): string | undefined {
  if (node.type === 'TSNonNullExpression') return '!'
  if (node.type !== 'TSAsExpression') return undefined
  const claim = node['typeAnnotation'] as Node
  const written = text.slice(claim.start, endOf(claim))
  return written === 'const' || written === 'unknown' ? undefined : written
}

/** A statement may begin some lines above its cast; its comment is above that, or within it. */
function isExplained(line: number, commented: ReadonlySet<number>, lines: readonly string[]): boolean {
  for (let at = line; at > Math.max(0, line - 8); at--) {
    if (commented.has(at)) return true
    // An empty line ends what a comment above it is about.
    if (lines[at - 1]?.trim() === '') return false
  }
  return false
}

const endOf = (node: Node): number => node['end'] as number
