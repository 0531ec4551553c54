import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Keeps one text in a file: GET answers with it, PUT replaces it. Of two PUTs the one with the higher `x-sequence` stays,
 * whichever arrives first. A PUT is answered when its text, or a newer one, is on disk; a file is replaced whole or not
 * at all.
 */
export function documentsService(file: string): (request: Request) => Promise<Response> {
  let newest = { sequence: 0, text: '' }
  let onDisk = newest
  let writing: Promise<void> | undefined
  const writeNewest = async (): Promise<void> => {
    try {
      const next = newest
      await replaceFile(file, next.text)
      onDisk = next
    } finally {
      writing = undefined
    }
  }
  return async (request) => {
    if (request.method !== 'PUT') {
      const text = await readFile(file, 'utf8').catch(() => null)
      return new Response(text, { status: text === null ? 404 : 200 })
    }
    const text = await request.text()
    const sequence = Number(request.headers.get('x-sequence'))
    if (sequence > newest.sequence) newest = { sequence, text }
    while (onDisk.sequence < sequence) await (writing ??= writeNewest())
    return new Response(null, { status: 204 })
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const draft = await open(`${file}.new`, 'w')
  try {
    await draft.writeFile(text)
    await draft.sync()
  } finally {
    await draft.close()
  }
  await rename(`${file}.new`, file)
}
