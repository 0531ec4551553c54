// Runs the published conformance suite of SQL drivers, and prints what each driver has passed and failed.
import { openDatabase, type DatabaseDriver } from 'lexigram-edge/sql'
import { neon } from 'lexigram-edge/sql/neon'
import { pglite } from 'lexigram-edge/sql/pglite'
import { postgres } from 'lexigram-edge/sql/postgres'
import { sqlConformance } from 'lexigram-edge/testing/sql'
import { PGlite } from '@electric-sql/pglite'

const [, , url = '', protocolUrl = ''] = process.argv
const instance = await PGlite.create()
const found = {
  neon: await judge(neon(), url),
  postgres: await judge(postgres(), protocolUrl),
  pglite: await judge(pglite({ instance }), 'pglite:memory'),
}
await instance.close()
process.stdout.write(JSON.stringify(found))

async function judge(driver: DatabaseDriver, at: string) {
  const failed: string[] = []
  let passed = 0
  for (const { name, run } of sqlConformance()) {
    await run({ open: (options) => openDatabase({ ...options, drivers: [driver], url: at }) }).then(
      () => passed++,
      (error: unknown) => failed.push(`${name}: ${String(error)}`),
    )
  }
  return { passed, failed }
}
