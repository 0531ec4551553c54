import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithServer } from '../../../../test/support/needs-server.ts'
import { serveNeon, type NeonEndpoint } from '../serve.ts'

function hasPsql(): boolean {
  try {
    execFileSync('psql', ['--version'])
    return true
  } catch {
    return false
  }
}

describeWithServer('psql', hasPsql(), () => {
  let endpoint: NeonEndpoint
  beforeAll(async () => {
    endpoint = await serveNeon({ protocolPort: 0 })
    await psql('create table things (id int primary key)')
  }, 60_000)
  afterAll(() => endpoint.close())

  async function psql(command: string): Promise<string> {
    const args = [endpoint.protocolUrl ?? '', '-XAtc', command]
    return (await promisify(execFile)('psql', args, { timeout: 30_000 })).stdout.trim()
  }

  it('works against the embedded database, as the owner of the schema', async () => {
    expect(await psql('select current_user')).toBe('lexigram_owner')
  })

  it('describes a table', async () => {
    expect(await psql(String.raw`\d things`)).toContain('id|integer')
  })

  it('writes a table out', async () => {
    await psql('insert into things values (7)')
    expect(await psql('copy things to stdout')).toBe('7')
  })

  it('cannot copy a table in, which would end the embedded database', async () => {
    await expect(psql('copy things from stdin')).rejects.toThrow(/cannot copy from its client/)
    expect(await psql('select 1')).toBe('1')
  })

  it('sees an error of the database', async () => {
    await expect(psql('selec')).rejects.toThrow(/syntax error/)
  })
})
