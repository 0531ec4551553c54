import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLexigramError } from '../../src/core/errors.ts'
import type { DocumentStore } from '../../src/nosql/store/document-store.ts'
import { laneNames, startLane, type DocumentLane } from '../support/document-lanes.ts'
import { program, runStep, shown, type Program } from './random-program.ts'

const seed = Number(process.env['LEXIGRAM_SEED'] ?? Date.now() % 2 ** 31)
const programs = Number(process.env['LEXIGRAM_SCENES'] ?? 25)

let collections = 0

/** What each step tells its caller, and what it leaves; nothing after an error, for which documents it met is not said. */
async function run(store: DocumentStore, name: string, { documents, indexes, steps }: Program) {
  const items = store.collection(name)
  const answers: string[] = []
  try {
    if (documents.length > 0) await items.insertMany(documents)
    for (const index of indexes) await items.createIndex(index)
    for (const step of steps) {
      answers.push(`${step.kind}: ${shown(await runStep(store, name, step))}`)
      answers.push(shown(await items.find({}).sort({ _id: 1 }).toArray()))
    }
  } catch (error) {
    if (!isLexigramError(error)) throw error
    answers.push(error.code)
  }
  return answers
}

describe(`one program over every database (LEXIGRAM_SEED=${seed})`, () => {
  const lanes: DocumentLane[] = []
  beforeAll(async () => {
    for (const name of laneNames) lanes.push(await startLane(name))
  })
  afterAll(async () => {
    for (const lane of lanes) await lane.close()
  })

  it('gets one answer', { timeout: 600_000 }, async () => {
    const stores = lanes.map((lane) => [lane.name, lane.open()] as const)
    const property = fc.asyncProperty(program, async (each) => {
      const name = `program${collections++}`
      const answers = await Promise.all(
        stores.map(async ([lane, store]) => [lane, await run(store, name, each)] as const),
      )
      const reference = answers.find(([lane]) => lane === 'memory')?.[1]
      for (const [lane, answer] of answers) expect({ lane, answer }).toEqual({ lane, answer: reference })
    })
    await fc.assert(property, { numRuns: programs, seed })
  })
})
