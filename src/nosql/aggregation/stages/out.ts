import { fail } from '../expression/failure.ts'
import { targetOf, writableName } from '../other-collection.ts'
import { holdAll, type Batches, type ParseStage, type Run } from '../stage.ts'
import { stageFields } from '../stage-argument.ts'
import { isDocument } from '../../query/value.ts'

/** `$out`: replaces what a collection holds with the result, at once. */
export const parseOut: ParseStage = (argument, _context, name) => {
  const collection = typeof argument === 'string' ? argument : outField(argument, name)
  const into = writableName(collection, `the collection of ${name}`)
  return { name, run: (input, run) => out(input, { into, name }, run) }
}

function outField(argument: unknown, name: string): unknown {
  if (!isDocument(argument)) return fail(16990, `the argument of ${name} must be a name or an object`)
  const fields = intoFields(stageFields(argument, name, { required: ['db', 'coll'] }), name)
  return fields['db'] === '' ? fail('InvalidNamespace', `db of ${name} must not be empty`) : fields['coll']
}

/** `{ db, coll }`; the database's name is checked and then left to the store, which knows only one. */
export function intoFields(fields: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const { db } = fields
  if (db !== undefined && (typeof db !== 'string' || !/^[^\0 "$./\\]{0,63}$/.test(db))) {
    fail('InvalidNamespace', `db of ${name} must be the name of a database`)
  }
  if (db === 'admin' || db === 'local' || db === 'config') fail(31320, `${name} cannot write to a system database`)
  return fields
}

async function* out(
  input: Batches,
  { into, name }: { readonly into: string; readonly name: string },
  run: Run,
): Batches {
  const target = targetOf(run, name)
  await target.replaceAll(into, await holdAll(input, run))
  yield []
}
