import { PGlite } from '@electric-sql/pglite'
import { expect, it, vi } from 'vitest'
import { pgliteBackend } from './pglite-backend.ts'

it('a backend ends although its embedded database does not answer any more', async () => {
  const db = await PGlite.create()
  const close = db.close.bind(db)
  const backend = await pgliteBackend(db, { turnTimeoutMs: 1_000, owned: true })
  vi.spyOn(db, 'close').mockReturnValue(new Promise(() => {}))
  vi.useFakeTimers()
  const ended = backend.close()
  await vi.waitFor(() => expect(db.close).toHaveBeenCalled())
  await vi.advanceTimersByTimeAsync(20_000)
  await expect(ended).resolves.toBeUndefined()
  vi.useRealTimers()
  await close()
})
