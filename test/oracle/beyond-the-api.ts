/** What a recorded case asks that the portable API has no words for. */

import type { OracleCase } from './runner/case.ts'
import { fieldsNamed, isPlain, valuesIn } from './walk.ts'

/** The code with which a server refuses a field that is given twice (IDLDuplicateField). */
const DUPLICATE_FIELD = 40413

function commandsOf({ ops }: OracleCase): readonly Readonly<Record<string, unknown>>[] {
  return ops.flatMap((operation) => (operation.op === 'command' ? [operation.cmd] : []))
}

/** An answer to a case that converts to Decimal128, unless all that it converts is null. */
export function makesDecimals({ ops, asserts }: OracleCase): boolean {
  const targets: readonly unknown[] = ['decimal', 19]
  const converts = fieldsNamed(ops, '$convert').some((given) => isPlain(given) && targets.includes(given['to']))
  if (!converts && fieldsNamed(ops, '$toDecimal').length === 0) return false
  return asserts.some(({ expected }) => valuesIn(expected).some((value) => value !== null))
}

/** Arguments of commands that are a driver's business, or that the methods of a collection cannot say. */
export function asksWhatTheApiLacks(oracleCase: OracleCase): boolean {
  return commandsOf(oracleCase).some(
    ({ maxTimeMS, bypassDocumentValidation, collation, writeConcern, ...cmd }) =>
      !isAbsentOr(maxTimeMS, (value) => typeof value === 'number' && value >= 0) ||
      !isAbsentOr(bypassDocumentValidation, isFlag) ||
      !isAbsentOr(collation, isPlain) ||
      !isAbsentOr(writeConcern, isPlain) ||
      !isAbsentOr(cmd['new'], isFlag) ||
      !isAbsentOr(cmd['remove'], isFlag) ||
      ('update' in cmd && Array.isArray(cmd['updates']) && cmd['updates'].length === 0),
  )
}

function isAbsentOr(value: unknown, test: (value: unknown) => boolean): boolean {
  return value === undefined || value === null || test(value)
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean' || typeof value === 'number'
}

export function usesConditionalPattern({ ops }: OracleCase): boolean {
  return valuesIn(ops).some((value) => typeof value === 'string' && value.includes('(?('))
}

export function usesVariable(name: string): (oracleCase: OracleCase) => boolean {
  return ({ ops }) => valuesIn(ops).includes(name)
}

/** The `count` command, which a collection's `countDocuments` is not. */
export function answersCount(oracleCase: OracleCase): boolean {
  return commandsOf(oracleCase).some((cmd) => 'count' in cmd)
}

/** An update puts a value at a path with a part that begins with a dollar and is not positional. */
export function setsDollarNames({ ops }: OracleCase): boolean {
  const changes = ['$set', '$setOnInsert'].flatMap((operator) => fieldsNamed(ops, operator)).filter(isPlain)
  return changes.flatMap(Object.keys).some((path) => path.split('.').some((part) => /^\$(?!$|\[)/.test(part)))
}

export function expectsDuplicateField({ asserts }: OracleCase): boolean {
  return asserts.some(({ error_code: code }) => code === DUPLICATE_FIELD)
}

/** `$out` or `$merge` with the name of a database, of which the recording does not say whether it is the one that is read. */
export function writesToNamedDatabase({ ops }: OracleCase): boolean {
  const targets = [...fieldsNamed(ops, '$out'), ...fieldsNamed(ops, 'into')]
  return targets.some((target) => isPlain(target) && typeof target['db'] === 'string' && target['db'] !== '')
}
