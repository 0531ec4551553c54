import { fail } from '../expression/failure.ts'
import { parseFieldPath } from '../field-path.ts'
import type { ParseStage } from '../stage.ts'
import { projectStage } from './project.ts'
import { addRule, emptyTree } from './projection-tree.ts'

/** `$unset`: drops one field or several. */
export const parseUnset: ParseStage = (argument, _context, name) => {
  const paths: readonly unknown[] = Array.isArray(argument) ? argument : [argument]
  if (paths.length === 0) fail(31119, `the argument of ${name} must have at least one field`)
  const tree = emptyTree()
  for (const path of paths) {
    if (typeof path !== 'string') return fail(31120, `the argument of ${name} must be a string or an array of strings`)
    addRule(tree, parseFieldPath(path, `a field of ${name}`), 'drop')
  }
  return projectStage(name, tree, 'drop')
}
