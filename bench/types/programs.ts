/** Programs for the compiler: a document of 60 fields, and calls that ask of them what programs do. */

const scalars = ['string', 'number', 'boolean', 'Date'] as const
const values = { string: `'x'`, number: '3', boolean: 'true', Date: 'new Date()' }
const conditions = {
  string: `{ $in: ['x', 'y'] }`,
  number: '{ $gt: 3, $lte: 9 }',
  boolean: '{ $ne: true }',
  Date: '{ $lt: new Date() }',
}

const fields = [
  ...times(40, (n) => `field${n}: ${scalarOf(n)}`),
  ...times(8, (n) => `list${n}: ${scalars[n % 2]}[]`),
  ...times(6, (n) => `object${n}: { a: string; b: number; c: { d: string; e: Date; f: { g: number } } }`),
  ...times(6, (n) => `lines${n}: { sku: string; qty: number; tags: string[]; part: { label: string } }[]`),
]

export const schema = `export interface Doc {\n  _id: string\n${fields.map((field) => `  ${field}\n`).join('')}}\n`

export interface Library {
  /** What imports it and declares `docs`, `find` and `update`. */
  readonly declarations: string
}

/** What is compared. `mongodb` accepts any dotted path and any field; its strict filters check them. */
export const libraries: Readonly<Record<string, Library>> = {
  'mongodb, StrictFilter': {
    declarations: `import type { Collection, StrictFilter, StrictUpdateFilter } from 'mongodb'
declare const docs: Collection<Doc>
declare function find(filter: StrictFilter<Doc>): ReturnType<typeof docs.find>
declare function update(filter: StrictFilter<Doc>, change: StrictUpdateFilter<Doc>): void`,
  },
  mongodb: {
    declarations: `import type { Collection, Filter, UpdateFilter } from 'mongodb'
declare const docs: Collection<Doc>
const find = (filter: Filter<Doc>) => docs.find(filter)
const update = (filter: Filter<Doc>, change: UpdateFilter<Doc>) => docs.updateOne(filter, change)`,
  },
  'lexigram-edge': {
    declarations: `import type { Collection, Filter, Update } from 'lexigram-edge/nosql'
declare const docs: Collection<Doc>
const find = (filter: Filter<Doc>) => docs.find(filter)
const update = (filter: Filter<Doc>, change: Update<Doc>) => docs.updateOne(filter, change)`,
  },
}

/** A program of so many finds, with sorts and projections, and as many updates. */
export function programOf({ declarations }: Library, calls: number): string {
  return [`import type { Doc } from './schema.ts'`, declarations, ...times(calls, callsOf)].join('\n')
}

function callsOf(n: number): string {
  const [field, list, part] = [n % 40, n % 8, n % 6]
  const kind = scalarOf(field)
  const element = list % 2 === 0 ? `'x'` : '3'
  const filter = `{ field${field}: ${conditions[kind]}, list${list}: ${element}, 'object${part}.c.e': { $gt: new Date() }, 'lines${part}.qty': { $gt: 1 } }`
  const change = `{ $set: { field${field}: ${values[kind]}, 'object${part}.a': 'x' }, $push: { list${list}: ${element} } }`
  return `export const found${n} = find(${filter}).sort({ field${field}: 1 }).project({ field${field}: 1, list${list}: 1 }).toArray()
export const updated${n} = update({ field${field}: ${values[kind]} }, ${change})`
}

function scalarOf(n: number): (typeof scalars)[number] {
  return scalars[n % scalars.length] ?? 'string'
}

function times(count: number, make: (n: number) => string): string[] {
  return Array.from({ length: count }, (_, n) => make(n))
}
