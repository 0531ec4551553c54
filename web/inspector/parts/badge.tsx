import type { ComponentChildren } from 'preact'

/** A word about something, with a mark, so that colour is not all that tells. */
export function Badge({ tone, children }: { tone: 'bad' | 'warn' | 'good' | 'plain'; children: ComponentChildren }) {
  const marks = { bad: '✕ ', warn: '▲ ', good: '✓ ', plain: '' }
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{marks[tone]}</span>
      {children}
    </span>
  )
}
