import { containerVerdicts } from './container/budgets.ts'
import { documentVerdicts } from './documents/budgets.ts'
import { engineVerdicts } from './engine/budgets.ts'
import { sqlVerdicts } from './sql/budgets.ts'
import { typesVerdicts } from './types/budgets.ts'
import { workersVerdicts } from './workers/budgets.ts'

let failed = 0
for (const { what, measured, budget } of [
  ...containerVerdicts(),
  ...engineVerdicts(),
  ...sqlVerdicts(),
  ...documentVerdicts(),
  ...typesVerdicts(),
  ...workersVerdicts(),
]) {
  const state = measured === undefined ? 'not measured' : measured <= budget ? 'within' : 'ABOVE'
  if (state !== 'within') failed++
  console.log(`${state.padEnd(12)} ${what}: ${measured?.toFixed(2) ?? '?'} (budget ${budget})`)
}
process.exitCode = failed === 0 ? 0 : 1
