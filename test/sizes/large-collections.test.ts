import { fork } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { laneNames, type LaneName } from '../support/document-lanes.ts'
import type { Report, Way } from './page-through.ts'

/**
 * Documents of a kilobyte each: a hundred thousand where the server stores them in seconds. DynamoDB's stand-in takes a
 * thousand in a second and Firestore's emulator a few hundred, so that a hundred thousand would take minutes; their pages are
 * of a megabyte and of 300 documents, so that fewer documents are many pages as well. MongoDB's batches are of 16 megabytes.
 */
const sizes: Readonly<Partial<Record<LaneName, Readonly<Record<'find' | 'findPage', number>>>>> = {
  // Each page is a query of its own, for which the server on the embedded engine sorts anew.
  mongodb: { find: 100_000, findPage: 20_000 },
  // A table has no order, so that each page reads all of it.
  dynamodb: { find: 10_000, findPage: 3000 },
  firestore: { find: 4000, findPage: 4000 },
}
const readings = laneNames.flatMap((lane) =>
  Object.entries(sizes[lane] ?? {}).map(([way, count]) => ({ lane, way: way as Way, count })),
)

/** What a program may hold in bytes while it reads, and afterwards: parts of what all documents are, a kilobyte each. */
const whileReading = (count: number): number => Math.max(2_500_000, count * 500)
const afterwards = (count: number): number => Math.max(2_000_000, count * 200)

/** In a process of its own, whose heap can be measured. */
function pageThrough(lane: LaneName, count: number, way: Way): Promise<Report> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'page-through.ts'), [lane, String(count), way], {
      execArgv: ['--expose-gc', '--no-warnings'],
    })
    let report: Report | undefined
    child.on('message', (message: Report) => (report = message))
    child.on('exit', (code) => {
      if (report === undefined) reject(new Error(`the reading process ended with ${code} and no report`))
      else resolve(report)
    })
  })
}

it.each(readings)('$count documents on $lane are read by $way in memory that does not grow', async (reading) => {
  const { lane, count, way } = reading
  const { read, most, left, counted, counting } = await pageThrough(lane, count, way)
  expect([read, counted]).toEqual([count, count])
  expect(most).toBeLessThan(whileReading(count))
  expect(left).toBeLessThan(afterwards(count))
  if (lane === 'firestore') expect(counting).toMatchObject({ runAggregationQuery: 1 })
  // A request for each megabyte, in segments that are read side by side.
  if (lane === 'dynamodb') expect(counting['Scan']).toBeLessThan(count / 100)
})

it('the memory of a program shows that it keeps what it has read', async () => {
  const { most, left } = await pageThrough('mongodb', 5000, 'keep')
  expect(most).toBeGreaterThan(1.5 * whileReading(5000))
  expect(left).toBeGreaterThan(1.5 * afterwards(5000))
})
