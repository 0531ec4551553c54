/**
 * Runs recorded cases while working on the engine:
 *
 *     LEXIGRAM_ORACLE=<folder> node test/oracle/runner/run.ts --area query/arrays --failures 20
 *
 * --area <prefix>      only areas that start so (repeatable, also `stages/`)
 * --id <text>          only cases whose id contains it
 * --failures <n>       print the first n failures (default 10), --verdict <name> only those of one kind
 * --key-order          count documents whose keys are in another order as failures
 * --backend <name>     a module of ./backends (default memory)
 */
import { parseArgs } from 'node:util'
import { isLaneName } from '../lanes.ts'
import { judgeAll } from './judge-all.ts'
import { table } from './report.ts'
import { show } from './run-case.ts'

const { values } = parseArgs({
  options: {
    area: { type: 'string', multiple: true },
    id: { type: 'string' },
    failures: { type: 'string', default: '10' },
    verdict: { type: 'string' },
    'key-order': { type: 'boolean', default: false },
    backend: { type: 'string', default: 'memory' },
    limit: { type: 'string', default: '10000' },
  },
})
const { backend } = values
if (!isLaneName(backend)) throw new Error(`There is no backend '${backend}'`)
const folder = process.env['LEXIGRAM_ORACLE']
if (folder === undefined) throw new Error('Set LEXIGRAM_ORACLE to the folder of recorded cases')

const print = (line: string): boolean => process.stdout.write(`${line}\n`)

const judged = await judgeAll(folder, {
  backend,
  limit: Number(values.limit),
  select: ({ area, id }) =>
    (values.area?.some((prefix) => area.startsWith(prefix)) ?? true) && id.includes(values.id ?? ''),
})
const failures = judged.filter(
  ({ outcome }) =>
    outcome !== undefined &&
    (outcome.verdict !== 'passed' || (values['key-order'] && outcome.otherKeyOrder === true)) &&
    (values.verdict === undefined || outcome.verdict === values.verdict),
)
for (const { oracleCase, outcome } of failures.slice(0, Number(values.failures))) {
  print(`${outcome?.verdict} ${oracleCase.area} ${oracleCase.id.split('/').at(-1)}`)
  for (const operation of oracleCase.ops) print(`     ${show(operation).slice(0, 1500)}`)
  if (outcome?.verdict === 'accepted') print(`     expected ${show(oracleCase.asserts)}`)
  print(`     ${(outcome?.detail ?? show(oracleCase.asserts)).slice(0, 2500)}\n`)
}
print(table(judged))
