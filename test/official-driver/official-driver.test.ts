import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { beforeAll, describe, expect, it } from 'vitest'
import { aggregation } from '../../src/nosql/aggregation/index.ts'
import { memory } from '../../src/nosql/drivers/memory/index.ts'
import { createDocumentStore } from '../../src/nosql/store/document-store.ts'
import { serveMongo } from '../../tools/mongodb-server/serve.ts'
import { program as lexigramProgram } from './lexigram-program.ts'
import { program as mongodbProgram } from './mongodb-program.ts'

const linesOf = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8').split('\n')

describe("A program of a user of MongoDB's driver", () => {
  let official: readonly unknown[] = []
  let ours: readonly unknown[] = []

  beforeAll(async () => {
    await using server = await serveMongo()
    const client = new MongoClient(server.uri)
    try {
      official = await mongodbProgram(client, client.db('shop'))
    } finally {
      await client.close()
    }
    await using store = createDocumentStore(memory({ aggregation: aggregation() }))
    ours = await lexigramProgram(store, store)
  })

  it('differs in its import and its connection only', () => {
    const mongodb = linesOf('mongodb-program.ts')
    const different = linesOf('lexigram-program.ts').filter((line) => !mongodb.includes(line))
    expect(different.every((line) => /^import type |^$/.test(line))).toBe(true)
    expect(different).toHaveLength(1)
  })

  it.each(['inserts', 'finds', 'updates', 'aggregates', 'runs transactions', 'deletes'].map((name, at) => [name, at]))(
    '%s with the same outcome',
    (_name, at) => {
      expect(ours[at]).toBeDefined()
      expect(ours[at]).toEqual(official[at])
    },
  )
})
