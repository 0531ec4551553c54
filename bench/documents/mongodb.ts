import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ownCase } from '../apart.ts'
import { customers } from '../engine/documents.ts'
import { compareInRounds, type Comparison } from '../engine/rounds.ts'
import { lexigram, peer, raw } from './clients.ts'

const [section = 'find-one'] = process.argv.slice(2)
const isCase = ownCase() !== undefined
const server = isCase ? undefined : fork(join(import.meta.dirname, 'server.ts'))
if (server !== undefined) process.env['BENCH_MONGODB_URI'] = String((await once(server, 'message'))[0])

/** Connects with the first run of a case, in its own process. */
function lazily<C>(connect: () => C | Promise<C>, run: (client: C) => Promise<number>): () => Promise<number> {
  let client: Promise<C> | undefined
  return async () => run(await (client ??= Promise.resolve(connect())))
}

const fresh = { ...customers[7]!, _id: 1_000_000 + process.pid }

const comparisons: Readonly<Record<string, Comparison>> = {
  'find-one': {
    title: 'findOne by _id on MongoDB, CPU of the client',
    cases: {
      'the raw driver': lazily(raw, async (c) => (await c.findOne({ _id: 7 }))?.age ?? 0),
      'lexigram-edge': lazily(lexigram, async (c) => (await c.findOne({ _id: 7 }))?.age ?? 0),
      'mongoose, lean': lazily(peer, async (c) => (await c.findOne({ _id: 7 }).lean())?.age ?? 0),
      'mongoose, hydrated': lazily(peer, async (c) => (await c.findOne({ _id: 7 }))?.age ?? 0),
    },
  },
  writes: {
    title: 'an insert, an update and a deletion on MongoDB, CPU of the client',
    cases: {
      'the raw driver': lazily(raw, async (c) => {
        await c.insertOne({ ...fresh })
        await c.updateOne({ _id: fresh._id }, { $set: { status: 'off' }, $inc: { age: 1 } })
        return (await c.deleteOne({ _id: fresh._id })).deletedCount
      }),
      'lexigram-edge': lazily(lexigram, async (c) => {
        await c.insertOne({ ...fresh })
        await c.updateOne({ _id: fresh._id }, { $set: { status: 'off' }, $inc: { age: 1 } })
        return (await c.deleteOne({ _id: fresh._id })).deletedCount
      }),
      mongoose: lazily(peer, async (c) => {
        await c.create({ ...fresh, tags: [...fresh.tags], items: [...fresh.items] })
        await c.updateOne({ _id: fresh._id }, { $set: { status: 'off' }, $inc: { age: 1 } })
        return (await c.deleteOne({ _id: fresh._id })).deletedCount
      }),
    },
  },
  'find-100': {
    title: 'find of 100 documents on MongoDB, CPU of the client',
    cases: {
      'the raw driver': lazily(
        raw,
        async (c) =>
          (
            await c
              .find({ age: { $gte: 0 } })
              .limit(100)
              .toArray()
          ).length,
      ),
      'lexigram-edge': lazily(
        lexigram,
        async (c) =>
          (
            await c
              .find({ age: { $gte: 0 } })
              .limit(100)
              .toArray()
          ).length,
      ),
      'mongoose, lean': lazily(
        peer,
        async (c) =>
          (
            await c
              .find({ age: { $gte: 0 } })
              .limit(100)
              .lean()
          ).length,
      ),
      'mongoose, hydrated': lazily(peer, async (c) => (await c.find({ age: { $gte: 0 } }).limit(100)).length),
    },
  },
}

const comparison = comparisons[section]
if (comparison === undefined) throw new Error(`there is no section ${section}`)
// V8 compiles the vendor's code and that of the sockets only after thousands of calls.
await compareInRounds(`mongodb-${section}`, { ...comparison, warmUp: 3000 })
server?.kill()
