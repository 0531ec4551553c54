import { setField } from '../../../core/plain-object.ts'
import { arraySize, objectSize, objectSteps } from '../../query/approximate-size.ts'
import { type Document, type Value } from '../../query/value.ts'
import { fail } from '../expression/failure.ts'
import { isArray, isObject } from '../expression/kinds.ts'
import { enterDocument, type Evaluate, type Scope } from '../expression/scope.ts'
import { createRunScope } from '../run-scope.ts'
import { eachStage, type ParseStage } from '../stage.ts'

const DESCEND = 'descend'
const PRUNE = 'prune'
const KEEP = 'keep'

/** What `$$DESCEND`, `$$PRUNE` and `$$KEEP` stand for while a `$redact` evaluates. */
export const redactVariables: Readonly<Record<string, string>> = { DESCEND, PRUNE, KEEP }

/** `$redact`: keeps or drops each document inside a document, as an expression says. */
export const parseRedact: ParseStage = (argument, context, name) => {
  const decide = context.redactExpression(argument)
  return eachStage(name, (run) => {
    const scope = createRunScope({ ...run, variables: { ...run.variables, ...redactVariables } })
    return (document) => {
      enterDocument(scope, document)
      return redact(document, decide, scope)
    }
  })
}

function redact(document: Document, decide: Evaluate, scope: Scope): Document | undefined {
  scope.current = document
  const decision = decide(scope)
  if (decision === KEEP) return document
  if (decision === PRUNE) return undefined
  if (decision !== DESCEND) return fail(17053, 'the result of $redact must be $$DESCEND, $$PRUNE or $$KEEP')
  const fields = Object.keys(document).length
  scope.meter.work(10 + objectSteps(fields))
  scope.meter.allocate(objectSize(fields))
  const output: Record<string, Value> = {}
  for (const [field, value] of Object.entries(document)) {
    const kept = redactValue(value, decide, scope)
    if (kept !== undefined) setField(output, field, kept)
  }
  return output
}

function redactValue(value: Value, decide: Evaluate, scope: Scope): Value | undefined {
  if (isObject(value)) return redact(value, decide, scope)
  if (!isArray(value)) return value
  scope.meter.allocate(arraySize(2 * value.length))
  return value.map((element) => redactValue(element, decide, scope)).filter((element) => element !== undefined)
}
