import type { RecordedSpan } from './recorded.ts'

/** One line for each span, its parts beneath it and indented. */
export function printTrace(spans: readonly RecordedSpan[], attributes: readonly string[]): string {
  return spans.flatMap((span) => linesOf(span, attributes)).join('\n')
}

function linesOf(span: RecordedSpan, attributes: readonly string[]): string[] {
  const known = attributes.filter((name) => name in span.attributes).map((name) => `${name}=${span.attributes[name]}`)
  const failed = span.failure === undefined ? [] : [`failed: ${span.failure}`]
  const open = span.ended ? [] : ['not ended']
  const line = [span.name, ...known, ...failed, ...open].join('  ')
  return [line, ...span.children.flatMap((child) => linesOf(child, attributes)).map((child) => `  ${child}`)]
}
