import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../tools/commands/steps.ts'

/** A fenced block of a document. */
export interface CodeBlock {
  readonly document: string
  /** Line of the fence, for messages. */
  readonly line: number
  /** First word after the fence, `''` when there is none. */
  readonly language: string
  /** The words after the language: `continued` joins a block to the one before it. */
  readonly words: readonly string[]
  readonly code: string
}

/** Every document that a reader of the repository finds. */
export function documents(): string[] {
  return globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
}

export function codeBlocksOf(document: string): CodeBlock[] {
  return parseCodeBlocks(document, readFileSync(join(root, document), 'utf8'))
}

export function parseCodeBlocks(document: string, text: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  let open: { fence: string; indent: number; info: string; line: number; code: string[] } | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^( *)(`{3,}|~{3,})(.*)$/.exec(line)
    if (open === undefined) {
      if (fence !== null) {
        open = { indent: fence[1]?.length ?? 0, fence: fence[2] ?? '', info: fence[3] ?? '', line: index + 1, code: [] }
      }
    } else if (fence?.[2]?.startsWith(open.fence) === true && fence[3]?.trim() === '') {
      const [language = '', ...words] = open.info.trim().split(/\s+/)
      blocks.push({ document, line: open.line, language, words, code: open.code.join('\n') })
      open = undefined
    } else {
      open.code.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)))
    }
  }
  if (open !== undefined) throw new Error(`${document}:${open.line} opens a block that is never closed`)
  return blocks
}

/** The file that a block says it is a part of, by a comment on its first line: `// examples/app/catalog.ts`. */
export function fileOf(block: CodeBlock): string | undefined {
  return /^(?:\/\/|#|--|\/\*) ((?:[\w.-]+\/)*[\w.-]+\.\w+)(?: \*\/)?$/.exec(block.code.split('\n', 1)[0] ?? '')?.[1]
}

/** The parts of a block between lines that only say that something is left out (`// …`). */
export function partsOf(code: string): string[] {
  return code
    .split('\n')
    .slice(1)
    .join('\n')
    .split(/^\s*(?:\/\/|#|--)?\s*(?:…|\.\.\.)\s*$/m)
    .map((part) => part.replaceAll(/^\n+|\s+$/g, ''))
    .filter((part) => part !== '')
}

/** Whether the text has the parts in their order, at whatever indentation. */
export function containsParts(text: string, parts: readonly string[]): boolean {
  const lines = text.split('\n')
  let from = 0
  return parts.every((part) => {
    const wanted = withoutIndent(part.split('\n'))
    for (let at = from; at + wanted.length <= lines.length; at++) {
      const found = withoutIndent(lines.slice(at, at + wanted.length))
      if (found.every((line, index) => line === wanted[index])) {
        from = at + wanted.length
        return true
      }
    }
    return false
  })
}

function withoutIndent(lines: readonly string[]): string[] {
  const depths = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length)
  const depth = Math.min(...depths)
  return lines.map((line) => line.slice(depth).trimEnd())
}
