import { fail } from '../expression/failure.ts'
import { isObject, typeName } from '../expression/kinds.ts'
import { enterDocument, type Evaluate } from '../expression/scope.ts'
import { createRunScope } from '../run-scope.ts'
import { eachStage, type ParseStage, type Stage } from '../stage.ts'
import { stageFields } from '../stage-argument.ts'

/** `$replaceRoot`: a document that an expression makes takes the place of each document. */
export const parseReplaceRoot: ParseStage = (argument, context, name) => {
  const { newRoot } = stageFields(argument, name, { required: ['newRoot'] })
  return replaceStage(name, context.expression(newRoot))
}

/** `$replaceWith`: `$replaceRoot`, written shorter. */
export const parseReplaceWith: ParseStage = (argument, context, name) =>
  replaceStage(name, context.expression(argument))

function replaceStage(name: string, evaluate: Evaluate): Stage {
  return eachStage(name, (run) => {
    const scope = createRunScope(run)
    return (document) => {
      const root = evaluate(enterDocument(scope, document))
      return isObject(root) ? root : fail(40228, `the result of ${name} must be an object, not ${typeName(root)}`)
    }
  })
}
