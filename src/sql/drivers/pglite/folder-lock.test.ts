import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs, { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lockFolder } from './folder-lock.ts'
import { nodeParts } from './node-parts.ts'
import * as identity from './process-identity.ts'

const node = nodeParts() ?? expect.fail('tests run on Node')
const startTimeOf = (pid: number) => identity.startTimeOf(pid, node)
const isRunning = (process: identity.ProcessIdentity) => identity.isRunning(process, node)

let folder: string
let lock: string
const children: ChildProcess[] = []

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'lock-')), 'data')
  lock = `${folder}.lock`
})

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(join(folder, '..'), { recursive: true })
})

/** A process that lives until it is killed. */
async function anotherProcess(): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn(process.execPath, ['-e', "console.log('up'); setInterval(() => {}, 1000)"])
  children.push(child)
  await once(child.stdout, 'data')
  // It has started, so that it has a number.
  return child as ChildProcess & { readonly pid: number }
}

describe('the lock of a data folder', () => {
  it('is released with what taking it returned', async () => {
    const release = await lockFolder(folder)
    expect(readFileSync(lock, 'utf8')).toMatch(new RegExp(`^${process.pid}\\b`))
    release()
    expect(existsSync(lock)).toBe(false)
  })

  it('is refused while another process has it, by name and after a moment', async () => {
    const { pid } = await anotherProcess()
    writeFileSync(lock, `${pid} ${startTimeOf(pid)}`)
    await expect(lockFolder(folder, 50)).rejects.toThrow(`process ${pid} is using it`)
    expect(readFileSync(lock, 'utf8')).toMatch(new RegExp(`^${pid}\\b`))
  })

  it('is refused to this very process, too, while it has it', async () => {
    const release = await lockFolder(folder)
    await expect(lockFolder(folder, 50)).rejects.toThrow('this process is using it')
    release()
  })

  it('is had as soon as a process that is about to end has ended', async () => {
    const child = await anotherProcess()
    writeFileSync(lock, `${child.pid} ${startTimeOf(child.pid)}`)
    const taking = lockFolder(folder, 30_000)
    child.kill('SIGKILL')
    const release = await taking
    expect(readFileSync(lock, 'utf8')).toMatch(new RegExp(`^${process.pid}\\b`))
    release()
  })

  it.skipIf(startTimeOf(process.pid) === undefined)(
    'the lock of a data folder of a process whose number another one has by now is left over',
    async () => {
      const { pid } = await anotherProcess()
      for (const left of [`${pid} 12345`, `${process.pid} 12345`]) {
        writeFileSync(lock, left)
        const release = await lockFolder(folder, 0)
        release()
      }
      expect(existsSync(lock)).toBe(false)
    },
  )

  it.each(['', 'no number', '-1', '0'])('the lock of a data folder that says %j is left over', async (text) => {
    writeFileSync(lock, text)
    const release = await lockFolder(folder, 0)
    release()
    expect(existsSync(lock)).toBe(false)
  })

  it('stays with a process that takes it between the look at a lock that was left over and its removal', async () => {
    const { pid } = await anotherProcess()
    const rival = `${pid} ${startTimeOf(pid)}`
    writeFileSync(lock, 'left over')
    const read = fs.readFileSync
    const looked = vi.spyOn(fs, 'readFileSync').mockImplementation((path, options) => {
      const text = read(path, options)
      if (text === 'left over') writeFileSync(lock, rival)
      return text
    })
    await expect(lockFolder(folder, 0)).rejects.toThrow(`process ${pid} is using it`)
    looked.mockRestore()
    expect(readFileSync(lock, 'utf8')).toBe(rival)
  })

  it('is not asked for where none can be written', async () => {
    writeFileSync(join(folder, '../file'), '')
    const release = await lockFolder(join(folder, '../file/data'), 0)
    release()
  })

  it('is had by one of several that ask at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => lockFolder(folder, 100)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('the identity of a process', () => {
  it('says whether this very process runs', async () => {
    const child = await anotherProcess()
    const { pid } = child
    const startTime = startTimeOf(pid)
    expect(isRunning({ pid, startTime })).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isRunning({ pid, startTime })).toBe(false)
  })
})
