import { laneNames, startLane, type LaneName } from '../support/document-lanes.ts'

/** What a process that reads a whole collection says of it. */
export interface Report {
  readonly read: number
  /** Bytes in use after a collection of garbage: more than before, at most while it read, and at the end. */
  readonly most: number
  readonly left: number
  /** What counting all of them found, and the requests over HTTP that it took, by their operation. */
  readonly counted: number
  readonly counting: Readonly<Record<string, number>>
}

/** How the documents are read. `keep` is the program that must not be: it holds what it has read. */
export type Way = 'find' | 'findPage' | 'keep'

const [lane, number, way] = process.argv.slice(2) as [LaneName, string, Way]
const count = Number(number)

let requests: Record<string, number> = {}
const { fetch } = globalThis
globalThis.fetch = (input, init) => {
  const url = input instanceof Request ? input.url : String(input)
  const name = new Headers(init?.headers).get('x-amz-target')?.split('.').at(-1) ?? url.split(':').at(-1) ?? url
  requests[name] = (requests[name] ?? 0) + 1
  return fetch(input, init)
}

function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

async function run(): Promise<Report> {
  if (!laneNames.includes(lane)) throw new Error(`the lane '${lane}' cannot be started here`)
  const started = await startLane(lane)
  // The server may be in this process: what it holds is there before the first document is read.
  const items = started.open().collection('items')
  const text = 'x'.repeat(1000)
  for (let from = 0; from < count; from += 5000) {
    const length = Math.min(5000, count - from)
    await items.insertMany(
      Array.from({ length }, (_, at) => ({ n: from + at, text: `${from + at} ${text}` })),
      { ordered: false },
    )
  }
  const kept: unknown[] = []
  let read = 0
  let most = 0
  // What is loaded at the first read does not count as held by reading.
  await items.findPage({}, { limit: 1 })
  const before = heap()
  const meet = (document: unknown): void => {
    if (way === 'keep') kept.push(document)
    if (++read % (count / 10) === 0) most = Math.max(most, heap() - before)
  }
  if (way === 'findPage') {
    let after: string | undefined
    do {
      const page = await items.findPage({}, { limit: 500, after })
      page.items.forEach(meet)
      after = page.next ?? undefined
    } while (after !== undefined)
  } else {
    for await (const document of items.find({})) meet(document)
  }
  const left = heap() - before
  requests = {}
  const counted = await items.countDocuments({})
  const report = { read, most, left, counted, counting: requests }
  await started.close()
  if (way === 'keep' && kept.length !== read) throw new Error('what was read is not kept')
  return report
}

const report = await run()
process.send?.(report)
process.disconnect()
