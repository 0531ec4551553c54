import { basename } from 'node:path'

/** The first heading of a document, without marks: decisions may carry their number in it. */
export function titleOf(text: string): string {
  return (/^# (?:\d{4}: )?(.*)$/m.exec(text)?.[1] ?? '').replaceAll('`', '')
}

/** The README, with its title and first paragraph as the page's head. */
export function homePage(readme: string): string {
  const [, title = '', tagline = '', rest = ''] = /^# (.*)\n\n((?:.+\n)+)\n([\s\S]*)$/.exec(readme) ?? []
  const lead = tagline.trim().replaceAll('\n', ' ')
  // Written as JSON, which is YAML: the text may hold any mark.
  const matter = {
    layout: 'home',
    hero: {
      name: title,
      text: 'One domain, every runtime',
      tagline: lead,
      actions: [
        { theme: 'brand', text: 'Start', link: '#install' },
        { theme: 'alt', text: 'Guides', link: '/lifecycle' },
        { theme: 'alt', text: 'API', link: '/reference/' },
      ],
    },
  }
  return `---\n${JSON.stringify(matter)}\n---\n\n${rest}`
}

/** A list of all decisions by their titles, the newest first. */
export function decisionsPage(decisions: readonly { readonly path: string; readonly text: string }[]): string {
  const lines = decisions
    .toReversed()
    .map(({ path, text }) => `- ${basename(path).slice(0, 4)} [${titleOf(text)}](./${basename(path)})`)
  const lead = 'Each page has the alternatives, and why they were not chosen.'
  return ['# Decisions', '', lead, '', ...lines, ''].join('\n')
}
