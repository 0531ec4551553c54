/** What this folder's plugins touch of markdown-it, which comes with VitePress. */
export interface MarkdownIt {
  readonly core: { readonly ruler: { push(name: string, rule: (state: MarkdownState) => void): void } }
  readonly renderer: { readonly rules: Record<string, RenderRule | undefined> }
}

type RenderRule = (tokens: readonly MarkdownToken[], index: number, ...rest: readonly unknown[]) => string

export interface MarkdownState {
  readonly env: { readonly relativePath?: string }
  readonly tokens: readonly MarkdownToken[]
  readonly Token: new (type: string, tag: string, nesting: number) => MarkdownToken
}

export interface MarkdownToken {
  type: string
  content: string
  children: MarkdownToken[] | null
  readonly info: string
  attrGet(name: string): string | null
  attrSet(name: string, value: string): void
}
