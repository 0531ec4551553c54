import { createScope, type Scope } from './expression/scope.ts'
import type { Run } from './stage.ts'

/** The scope in which one stage evaluates its expressions during one run. */
export function createRunScope(run: Run): Scope {
  return createScope({ now: run.now, random: run.random, variables: run.variables })
}
