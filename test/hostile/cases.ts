import type { HostileCase } from './case.ts'
import { filterCases, readCases } from './filters.ts'
import { pipelineCases } from './pipelines.ts'
import { updateCases } from './updates.ts'
import { valueCases } from './values.ts'

export const hostileCases: readonly HostileCase[] = [
  ...filterCases,
  ...readCases,
  ...updateCases,
  ...valueCases,
  ...pipelineCases,
]
