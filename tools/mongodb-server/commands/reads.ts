import { changeStreamOf, followChanges } from './change-streams.ts'
import { collectionOf, namespaceOf, optionsOf, wholeNumber, type Run, type Target } from './target.ts'

const find: Run = async (command, target) => {
  const limit = Math.abs(wholeNumber(command['limit']) ?? 0)
  const skip = wholeNumber(command['skip']) ?? 0
  const options = { ...optionsOf(command, ['sort', 'projection', 'let']), limit, skip }
  // Checked by the collection, as every caller's arguments are.
  const documents = await collectionOf(command, target)
    .find(command['filter'] ?? {}, options)
    .toArray()
  return target.cursors.open(namespaceOf(command), documents, command)
}

const aggregate: Run = async (command, target) => {
  const changes = changeStreamOf(command)
  if (changes !== undefined)
    return target.cursors.follow(namespaceOf(command), await followChanges(changes, command, target))
  const isCollectionless = typeof command['aggregate'] !== 'string'
  const collection = isCollectionless ? target.documents.collection('none') : collectionOf(command, target)
  // A server keeps the kinds of numbers apart; what becomes of them is the client's business.
  const options = { ...optionsOf(command, ['let']), longs: 'bigint' } as const
  const documents = await collection.aggregate(command['pipeline'] as never, options).toArray()
  return target.cursors.open(namespaceOf(command), documents, command['cursor'] ?? {})
}

const count: Run = async (command, target) => {
  const [limit, skip] = [wholeNumber(command['limit']), wholeNumber(command['skip'])]
  const options = { scans: 'allow', ...(limit !== undefined && { limit }), ...(skip !== undefined && { skip }) }
  const n = await collectionOf(command, target).countDocuments(command['query'] ?? {}, options as never)
  return { n, ok: 1 }
}

const distinct: Run = async (command, target) => {
  const collection = collectionOf(command, target)
  const query = (command['query'] ?? {}) as never
  return { values: await collection.distinct(command['key'] as never, query, { scans: 'allow' } as never), ok: 1 }
}

const getMore: Run = (command, { cursors }: Target) => cursors.next(BigInt(String(command['getMore'])), command)

const killCursors: Run = (command, { cursors }) =>
  Promise.resolve(cursors.kill((command['cursors'] ?? []) as readonly unknown[]))

export const reads: Readonly<Record<string, Run>> = { find, aggregate, count, distinct, getMore, killCursors }
