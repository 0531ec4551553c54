import { expect, it } from 'vitest'
import { loadPeer } from './peers.ts'

it('says at once which packages to install, when one is missing', async () => {
  const missing = Object.assign(new Error("Cannot find package 'pg'"), { code: 'ERR_MODULE_NOT_FOUND' })
  await expect(loadPeer('pg', () => Promise.reject(missing))).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining('pg'),
    hint: 'npm install --save-dev ws pg @electric-sql/pglite',
  })
})
