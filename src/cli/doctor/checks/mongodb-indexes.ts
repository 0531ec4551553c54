import { toSecret } from '../../../core/setting/secret.ts'
import { mongodb } from '../../../nosql/drivers/mongodb/mongodb-driver.ts'
import { indexSignature, placedByBackend } from '../../../nosql/contract/index-model.ts'
import type { IndexedCollection } from '../../../nosql/drivers/firestore/deployment/index-file.ts'
import { createDocumentStore } from '../../../nosql/store/document-store.ts'
import type { Finding } from '../finding.ts'
import { unreachable, type Target } from './database.ts'

/** Longest time until a server is found, in milliseconds. */
const timeoutMs = 5_000

/** Whether MongoDB has the indexes that collections declare: without one a query reads the collection. */
export async function checkMongoIndexes(
  { url, source }: Omit<Target, 'signal'>,
  collections: readonly IndexedCollection[],
): Promise<readonly Finding[]> {
  const config = { uri: toSecret(url), serverSelectionTimeoutMs: timeoutMs }
  try {
    await using store = createDocumentStore(mongodb(), { config })
    const findings: Finding[] = []
    for (const { name, indexes = [] } of collections) {
      const there = await store.collection(name).listIndexes()
      const signatures = new Set(there.map(indexSignature))
      for (const declared of indexes) {
        if (!signatures.has(indexSignature(placedByBackend(declared)))) {
          findings.push(missing(`${name}.${declared.name}`, source))
        }
      }
    }
    return findings
  } catch (error) {
    return [unreachable(error, source)]
  }
}

function missing(key: string, file: string): Finding {
  const message = `MongoDB lacks the index ${key}, which its collection declares`
  const fix = 'Create it by a migration with CreateIndex, or by createCollection of the store.'
  return { code: 'index-missing', severity: 'error', message, file, key, fix }
}
