import type { MarkdownIt } from './markdown.ts'

/** Leaves blocks of `mermaid` to the theme's component, which draws them in the reader's browser. */
export function diagrams(md: MarkdownIt): void {
  const fence = md.renderer.rules['fence']
  md.renderer.rules['fence'] = (tokens, index, ...rest) => {
    const { info = '', content = '' } = tokens[index] ?? {}
    if (info.trim() === 'mermaid') return `<Diagram source="${encodeURIComponent(content)}" />\n`
    return fence?.(tokens, index, ...rest) ?? ''
  }
}
