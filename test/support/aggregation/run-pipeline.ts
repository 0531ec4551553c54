import { isLexigramError } from '../../../src/core/errors.ts'
import { aggregation } from '../../../src/nosql/aggregation/index.ts'
import type { PipelineOptions, PipelineSource } from '../../../src/nosql/query/expression-engine.ts'
import { compileFilter } from '../../../src/nosql/query/filter/compile-filter.ts'
import { parseFilter } from '../../../src/nosql/query/filter/parse-filter.ts'
import type { Document } from '../../../src/nosql/query/value.ts'

export type Collections = Readonly<Record<string, readonly Document[]>>

/** Collections in memory, as a pipeline reads them, two documents at a time. */
export function sourceOf(collections: Collections): PipelineSource {
  return {
    read: (name, filter) => inPairs((collections[name] ?? []).filter(compileFilter(parseFilter(filter)))),
  }
}

/** What a pipeline makes of documents. */
export async function runPipeline(
  stages: unknown,
  documents: readonly Document[] = [],
  options: PipelineOptions = {},
): Promise<Document[]> {
  const output: Document[] = []
  for await (const batch of aggregation().pipeline(stages, options).run(inPairs(documents))) output.push(...batch)
  return output
}

/** The reason for which a pipeline is refused, or the code of an error that has none. */
export async function refusalOf(...call: Parameters<typeof runPipeline>): Promise<string | undefined> {
  try {
    await runPipeline(...call)
    return undefined
  } catch (error) {
    if (!isLexigramError(error)) throw error
    return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.code
  }
}

async function* inPairs(documents: readonly Document[]): AsyncIterable<readonly Document[]> {
  for (let at = 0; at < documents.length; at += 2) yield documents.slice(at, at + 2)
}
