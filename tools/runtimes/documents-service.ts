import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Keeps one text in a file: GET returns it, PUT replaces it. Of two PUTs the one with the higher `x-sequence` stays,
 * whichever arrives first; a file is replaced whole or not at all.
 */
export function documentsService(file: string): (request: Request) => Promise<Response> {
  let newest = 0
  let writing: Promise<void> = Promise.resolve()
  const write = async (text: string): Promise<void> => {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(`${file}.new`, text)
    await rename(`${file}.new`, file)
  }
  return async (request) => {
    if (request.method !== 'PUT') {
      const text = await readFile(file, 'utf8').catch(() => null)
      return new Response(text, { status: text === null ? 404 : 200 })
    }
    const text = await request.text()
    const sequence = Number(request.headers.get('x-sequence'))
    if (sequence <= newest) return new Response(null, { status: 204 })
    newest = sequence
    writing = writing.then(() => (sequence === newest ? write(text) : undefined))
    await writing
    return new Response(null, { status: 204 })
  }
}
