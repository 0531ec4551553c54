import { createApplication, defineConfig, type Application } from 'lexigram-edge'
import { DocumentStore, NoSqlConfig, noSqlProvider } from 'lexigram-edge/nosql'
import { mongodb } from 'lexigram-edge/nosql/mongodb'

interface Counter {
  readonly _id: string
  readonly visits: number
}

/** Counts the visits of each path in MongoDB, and answers how many there have been. */
export function createVisitsApplication(): Application {
  return createApplication({
    name: 'visits',
    config: defineConfig({ nosql: NoSqlConfig }),
    onError: () => {},
    providers: [noSqlProvider({ drivers: [mongodb()] })],
    async fetch(request, _env, { scope }) {
      const store = await scope.resolve(DocumentStore)
      const { pathname } = new URL(request.url)
      if (pathname === '/transaction') {
        const visits = await store.transaction(async (tx) => {
          await tx
            .collection<Counter>('counters')
            .updateOne({ _id: pathname }, { $inc: { visits: 1 } }, { upsert: true })
          return (await tx.collection<Counter>('counters').findOne({ _id: pathname }))?.visits
        })
        return Response.json({ visits })
      }
      const counter = await store
        .collection<Counter>('counters')
        .findOneAndUpdate({ _id: pathname }, { $inc: { visits: 1 } }, { upsert: true, returnDocument: 'after' })
      return Response.json({ visits: counter?.visits })
    },
  })
}
