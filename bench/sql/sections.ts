import type { Cases } from '../engine/rounds.ts'

/** What is compared, with its title. */
export const titles = {
  find: 'one entity by its id',
  save: 'an entity stored over itself',
  page: 'a page of twenty by a filter',
  count: 'how many satisfy a filter',
  'save-many': 'twenty entities stored',
} as const

/** A library's cases of each section. */
export type Sections = Readonly<Record<keyof typeof titles, () => Promise<Cases>>>
