import { createScope, type Scope } from './expression/scope.ts'
import type { Run } from './stage.ts'

/** The scope in which one stage evaluates its expressions during one run. */
export function createRunScope({ now, random, variables, meter, growth }: Run): Scope {
  return createScope({ now, random, variables, meter, growth })
}
