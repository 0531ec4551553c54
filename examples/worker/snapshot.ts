import { env } from 'cloudflare:workers'
import type { SnapshotStorage } from 'lexigram-edge/nosql/memory'

const url = 'https://documents/'
let sequence = 0

/**
 * Local development only: keeps the documents of the memory store in the service that `npm start` binds as DOCUMENTS.
 * Without that binding they last as long as the isolate, so a deployed Worker lists another driver.
 */
export const snapshot: SnapshotStorage = {
  async load() {
    const response = await env.DOCUMENTS?.fetch(url)
    return response?.ok === true ? response.text() : null
  },
  async save(text) {
    if (env.DOCUMENTS === undefined) return
    // Saves may overtake each other; the service keeps the newest.
    sequence = Math.max(sequence + 1, Date.now())
    const headers = { 'x-sequence': String(sequence) }
    // The write is acknowledged after this: then the file is on disk.
    const response = await env.DOCUMENTS.fetch(url, { method: 'PUT', headers, body: text })
    if (!response.ok) throw new Error(`the service of documents answered ${response.status}`)
  },
}
