import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentsService } from './documents-service.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'documents-'))
})
afterAll(() => rm(folder, { recursive: true }))

const put = (sequence: number, body: string): Request =>
  new Request('https://documents/', { method: 'PUT', headers: { 'x-sequence': String(sequence) }, body })
const get = (): Request => new Request('https://documents/')

describe('the documents service', () => {
  it('returns what was put last, also after a restart', async () => {
    const file = join(folder, 'deep', 'documents.json')
    const service = documentsService(file)
    expect((await service(get())).status).toBe(404)
    await service(put(1, 'one'))
    await service(put(2, 'two'))
    expect(await (await service(get())).text()).toBe('two')
    expect(await (await documentsService(file)(get())).text()).toBe('two')
  })

  it('keeps the newest of those that arrive out of order', async () => {
    const file = join(folder, 'order.json')
    const service = documentsService(file)
    await Promise.all([service(put(2, 'newer')), service(put(1, 'older')), service(put(3, 'newest'))])
    expect(await readFile(file, 'utf8')).toBe('newest')
  })

  it('answers no PUT before its text or a newer one is in the file', async () => {
    const file = join(folder, 'acknowledged.json')
    const service = documentsService(file)
    const sequences = Array.from({ length: 40 }, (_, index) => ((index * 7) % 40) + 1)
    await Promise.all(
      sequences.map(async (sequence) => {
        expect((await service(put(sequence, String(sequence)))).status).toBe(204)
        expect(Number(readFileSync(file, 'utf8'))).toBeGreaterThanOrEqual(sequence)
      }),
    )
    expect(readFileSync(file, 'utf8')).toBe('40')
  })

  it('recovers from a write that failed without an acknowledgement', async () => {
    const taken = join(folder, 'taken')
    await mkdir(taken)
    const service = documentsService(taken)
    await expect(service(put(1, 'one'))).rejects.toThrow(/EISDIR|EPERM|ENOTEMPTY|EEXIST/)
    await rm(taken, { recursive: true })
    expect((await service(put(2, 'two'))).status).toBe(204)
    expect(await (await service(get())).text()).toBe('two')
  })
})
