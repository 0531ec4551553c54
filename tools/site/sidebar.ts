import type { Page } from './pages.ts'

export interface SidebarItem {
  readonly text: string
  readonly link?: string
  readonly collapsed?: boolean
  readonly items?: readonly SidebarItem[]
}

/** Guides by what a reader is doing, in the order of reading. Names without a page are skipped. */
const tasks: Readonly<Record<string, readonly string[]>> = {
  Start: ['index', 'quick-start', 'lifecycle', 'hono', 'openapi', 'current-user', 'tenancy', 'bindings', 'testing'],
  Platforms: ['workers', 'lambda', 'vercel', 'nextjs', 'node', 'connections'],
  Data: [
    'repositories',
    'sql',
    'postgres',
    'databases',
    'kysely',
    'transactions',
    'documents',
    'mongodb',
    'dynamodb',
    'firestore',
    'write-a-driver',
  ],
  Operate: ['observability', 'inspector', 'tracing', 'cli', 'troubleshooting'],
}
const reference = ['entry-points', 'configuration', 'errors', 'changelog', 'contributing']

/** What the sidebar is made of: documents, the entry points of the reference, and decisions, each with its title. */
export interface SidebarPages {
  readonly pages: readonly Page[]
  readonly entries: readonly string[]
  readonly titleOf: (page: Page) => string
}

export function sidebarOf({ pages, entries, titleOf }: SidebarPages): readonly SidebarItem[] {
  const item = (page: Page): SidebarItem => ({ text: titleOf(page), link: linkTo(page.path) })
  const named = (names: readonly string[]) =>
    names.flatMap((name) => pages.filter(({ path }) => path === `${name}.md`).map(item))
  const listed = new Set([...Object.values(tasks).flat(), ...reference].map((name) => `${name}.md`))
  const isDecision = ({ path }: Page) => path.startsWith('decisions/')
  const comingFrom = pages.filter(({ path }) => path.startsWith('from-'))
  const others = pages.filter((page) => !listed.has(page.path) && !isDecision(page) && !comingFrom.includes(page))
  const groups: SidebarItem[] = [
    ...Object.entries(tasks).map(([text, names]) => ({ text, items: named(names) })),
    { text: 'Coming from', items: comingFrom.map(item) },
    { text: 'More guides', items: others.map(item) },
    { text: 'Reference', items: named(reference) },
    {
      text: 'API',
      collapsed: true,
      items: [
        { text: 'All entry points', link: '/reference/' },
        ...entries.map((entry, index) => ({
          text: entry,
          // The package itself, which comes first, is a folder: all other entries are in it.
          link: linkTo(index === 0 ? `reference/${entry}/index.md` : `reference/${entry}.md`),
        })),
      ],
    },
    {
      text: 'Decisions',
      collapsed: true,
      items: [{ text: 'All decisions', link: '/decisions/' }, ...pages.filter(isDecision).map(item)],
    },
  ]
  return groups.filter(({ items }) => items?.length !== 0)
}

const linkTo = (path: string): string => `/${path.replace(/(?:(?<=^|\/)index)?\.md$/, '')}`
