import { fail } from '../expression/failure.ts'
import { eachStage, type ParseStage } from '../stage.ts'
import { isDocument } from '../../query/value.ts'

/** `$match`: drops what a filter does not match. */
export const parseMatch: ParseStage = (argument, context, name) => {
  if (!isDocument(argument)) return fail(15959, `the argument of ${name} must be a filter`)
  const filter = context.filter(argument)
  return eachStage(
    name,
    (run) => {
      const matches = filter(run)
      return (document) => (matches(document) ? document : undefined)
    },
    { passes: true },
  )
}
