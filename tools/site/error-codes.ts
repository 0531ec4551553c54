import { posix } from 'node:path'
import type { MarkdownIt, MarkdownState, MarkdownToken } from './markdown.ts'

const CODE = /^LEX_ERR_[A-Z]+_\d+$/

/**
 * Makes every row of the page of errors reachable by its code, `errors#LEX_ERR_DB_005`, and every code elsewhere a link
 * to its row.
 */
export function errorCodes(md: MarkdownIt): void {
  md.core.ruler.push('error-codes', (state) => {
    const page = state.env.relativePath ?? ''
    if (page === 'errors.md') nameRows(state.tokens)
    else linkCodes(state, posix.relative(posix.dirname(page), 'errors.md'))
  })
}

/** The first cell of a row in a table whose first column is `code`. */
function nameRows(tokens: readonly MarkdownToken[]): void {
  let column = ''
  tokens.forEach((token, index) => {
    const next = tokens[index + 1]
    if (token.type === 'thead_open') column = tokens[index + 3]?.content ?? ''
    if (token.type !== 'td_open' || column !== 'code' || tokens[index - 1]?.type !== 'tr_open') return
    const code = next?.children?.[0]?.content ?? ''
    if (CODE.test(code)) token.attrSet('id', code)
  })
}

function linkCodes({ tokens, Token }: MarkdownState, errors: string): void {
  tokens.forEach((token, index) => {
    if (token.children === null || tokens[index - 1]?.type === 'heading_open') return
    let inLink = false
    token.children = token.children.flatMap((child) => {
      if (child.type === 'link_open') inLink = true
      if (child.type === 'link_close') inLink = false
      if (inLink || child.type !== 'code_inline' || !CODE.test(child.content)) return [child]
      const open = new Token('link_open', 'a', 1)
      open.attrSet('href', `./${errors}#${child.content}`)
      return [open, child, new Token('link_close', 'a', -1)]
    })
  })
}
