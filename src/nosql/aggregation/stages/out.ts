import { fail } from '../expression/failure.ts'
import { targetOf, writableName } from '../other-collection.ts'
import { holdAll, type Batches, type ParseStage, type Run } from '../stage.ts'
import { stageFields } from '../stage-argument.ts'
import { isDocument } from '../../query/value.ts'

/** `$out`: replaces what a collection holds with the result, at once. */
export const parseOut: ParseStage = (argument, _context, name) => {
  const { db, coll } = typeof argument === 'string' ? { coll: argument } : outFields(argument, name)
  const into = writableName(coll, `the collection of ${name}`)
  return { name, run: (input, run) => out(input, { into, name, database: databaseIn(db) }, run) }
}

function outFields(argument: unknown, name: string): { readonly db?: unknown; readonly coll?: unknown } {
  if (!isDocument(argument)) return fail(16990, `the argument of ${name} must be a name or an object`)
  const fields = intoFields(stageFields(argument, name, { required: ['db', 'coll'] }), name)
  return fields['db'] === '' ? fail('InvalidNamespace', `db of ${name} must not be empty`) : fields
}

/** The database that `{ db, coll }` names; the store's own where it names none. */
export function databaseIn(db: unknown): string | undefined {
  return typeof db === 'string' && db !== '' ? db : undefined
}

/** `{ db, coll }`, with the name of the database checked. */
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
  { into, name, database }: { readonly into: string; readonly name: string; readonly database: string | undefined },
  run: Run,
): Batches {
  const target = targetOf(run, name, database)
  await target.replaceAll(into, await holdAll(input, run))
  yield []
}
