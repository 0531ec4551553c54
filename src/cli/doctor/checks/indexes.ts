import { join } from 'node:path'
import { withIndexes } from '../../firestore/command.ts'
import type { Finding } from '../finding.ts'
import { readText, type Project } from '../project.ts'

const file = 'firestore.indexes.json'

/** Whether the file of Firestore has the indexes that collections declare. Migrations make those of other databases. */
export function checkIndexes({ folder, collections, modules, uses }: Project): readonly Finding[] {
  if (collections.length === 0 || !uses.some(({ specifier }) => specifier === 'lexigram-edge/nosql/firestore'))
    return []
  if (withIndexes(readText(join(folder, file)), { file, collections }) === undefined) return []
  const names = [...new Set(collections.map(({ name }) => name))].join(', ')
  const message = `${file} lacks indexes that these collections declare: ${names}`
  const fix = `npx lexigram-edge firestore indexes ${modules.join(' ')}`
  return [{ code: 'index-missing', severity: 'error', message, file, key: 'indexes', fix }]
}
