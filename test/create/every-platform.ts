import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasDocuments, platforms, type Data } from '../../tools/create/src/choices.ts'
import { installPackage, type InstalledPackage } from '../package/installed-package.ts'
import { createdProject } from './created-project.ts'
import { loadBundle } from './load-bundle.ts'
import { startProject } from './running-project.ts'

const limit = 240_000

/**
 * What every new project does, on each platform. Each of the three kinds of data has its own file, so that they run
 * side by side.
 */
export function itCreatesProjects(data: Data): void {
  let installed: InstalledPackage
  beforeAll(async () => {
    installed = await installPackage()
  }, limit)
  afterAll(() => installed[Symbol.dispose]())

  describe(`a new project with ${data === 'both' ? 'tables and documents' : data}`, () => {
    it.each(platforms)(
      'has what it needs, passes its tests, starts and answers: %s',
      async (platform) => {
        using project = await createdProject({ platform, data, name: 'my-notes' }, installed)
        await project.npm('ls', '--omit=optional')
        await project.npm('test')
        expect(await project.npm('run', 'check')).toMatch(/✓ notes on workers[^]*errors: 0, warnings: 0/)
        await using running = await startProject(project.folder, platform === 'worker')
        const created = await running.send('/notes', { text: 'buy tea' })
        expect(created.status).toBe(201)
        const note = (await created.json()) as { id: string }
        expect(await (await running.send('/notes')).json()).toEqual([{ id: note.id, text: 'buy tea' }])
        if (data === 'both') {
          const comment = await running.send(`/notes/${note.id}/comments`, { text: 'green' })
          expect(await comment.json()).toMatchObject({ noteId: note.id, text: 'green' })
        }
        const ready = await running.send('/health/ready')
        expect(await ready.json()).toMatchObject({ status: 'healthy' })
        if (platform === 'lambda' || platform === 'vercel') {
          await project.npm('run', 'build')
          expect(await loadBundle(project.folder, platform)).toEqual(platform === 'lambda' ? ['handler'] : ['default'])
        }
        expect(existsSync(join(project.folder, '.gitignore'))).toBe(true)
        expect(hasDocuments(data) || !existsSync(join(project.folder, 'src/document-drivers.ts'))).toBe(true)
      },
      limit,
    )
  })
}
