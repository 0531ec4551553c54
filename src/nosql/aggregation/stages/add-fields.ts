import { isDocument, type Value } from '../../query/value.ts'
import { fail } from '../expression/failure.ts'
import { enterDocument } from '../expression/scope.ts'
import { parseFieldPath } from '../field-path.ts'
import { createRunScope } from '../run-scope.ts'
import { eachStage, type ParseStage, type StageContext } from '../stage.ts'
import { isOperator } from './project.ts'
import { addRule, computeFields, emptyTree, payForCopy, type ProjectionTree } from './projection-tree.ts'

/** `$addFields` and its other name `$set`: computes fields and keeps all others. */
export const parseAddFields: ParseStage = (argument, context, name) => {
  if (!isDocument(argument)) return fail(40272, `the argument of ${name} must be an object`)
  const tree = emptyTree()
  readFields(argument, [], { tree, context })
  return addFieldsStage(name, tree)
}

function addFieldsStage(name: string, tree: ProjectionTree): ReturnType<ParseStage> {
  return eachStage(name, (run) => {
    const scope = createRunScope(run)
    return (document) => {
      payForCopy(document, tree, run.meter)
      const output: Record<string, Value> = { ...document }
      computeFields(output, tree, enterDocument(scope, document))
      return output
    }
  })
}

function readFields(
  fields: Readonly<Record<string, unknown>>,
  prefix: readonly string[],
  into: { readonly tree: ProjectionTree; readonly context: StageContext },
): void {
  for (const [field, value] of Object.entries(fields)) {
    const path = [...prefix, ...parseFieldPath(field, 'a field to add')]
    if (isDocument(value) && !isOperator(value) && Object.keys(value).length > 0) {
      readFields(value, path, into)
    } else addRule(into.tree, path, into.context.expression(value))
  }
}
