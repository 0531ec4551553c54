import { expectsRefusal, type OracleCase } from './runner/case.ts'
import { fieldsNamed, isPlain, valuesIn } from './walk.ts'

/**
 * Whether a recorded answer depends on whether a whole number was a double, an int or a long. Numbers are one type here,
 * and `$type` recognizes a whole one by its value; the recording writes an int and a whole double alike.
 */
export function tellsKindOfWholeNumber(oracleCase: OracleCase): boolean {
  if (oracleCase.asserts.some(expectsRefusal)) return false
  return namesKind(oracleCase) || selectsByKind(oracleCase) || writesAsDouble(oracleCase) || readsAsDate(oracleCase)
}

/** Operators whose result is whole whatever they are given, and those whose result hardly ever is. */
const ROUNDING = ['$floor', '$ceil', '$round', '$trunc']
const FRACTIONS = ['$rand', '$exp']

/** `$type` answers that a whole number is a double, or that a sum of ints has become a long. */
function namesKind({ ops, asserts }: OracleCase): boolean {
  const operands = fieldsNamed(ops, '$type')
  const uses = (value: unknown, names: readonly string[]) => names.some((name) => fieldsNamed(value, name).length > 0)
  if (operands.length === 0 || uses(ops, FRACTIONS)) return false
  return asserts.some(({ expected }) => {
    const told = valuesIn(expected)
    if (told.includes('long')) return uses(expected, ['$long']) && !uses(ops, ['$long'])
    if (!told.includes('double')) return false
    const beside = told.some((value) => value !== 0 && isWhole(value))
    return beside || uses(operands, ROUNDING) || !valuesIn(ops).some(isFraction)
  })
}

function isWhole(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63
}

function isFraction(value: unknown): boolean {
  const number = typeof value === 'string' && /^-?\d*\.\d+$/.test(value) ? Number(value) : value
  return typeof number === 'number' && !isWhole(number)
}

const NUMBER_KINDS: readonly unknown[] = ['int', 'double', 'long', 1, 16, 18]

/** A filter asks for one kind, and has found some documents but not others that are recorded alike. */
function selectsByKind({ ops, asserts }: OracleCase): boolean {
  const asked = ops.some((operation) => {
    if (operation.op !== 'command') return false
    return fieldsNamed(operation.cmd['filter'], '$type').some((kind) => NUMBER_KINDS.includes(kind))
  })
  if (!asked) return false
  const texts = ops.flatMap((operation) => (operation.op === 'insert' ? operation.docs : [])).map(withoutId)
  const alike = new Set(texts.filter((text, index) => texts.indexOf(text) !== index))
  return asserts.some(({ expected }) => {
    const found = Array.isArray(expected) ? expected.map(withoutId) : []
    return [...alike].some((text) => {
      const count = found.filter((other) => other === text).length
      return count > 0 && count < texts.filter((other) => other === text).length
    })
  })
}

/** A whole number of 32 bits is written as only a double is: `1e+06`. */
function writesAsDouble({ ops, asserts }: OracleCase): boolean {
  const given = valuesIn(ops).filter(isInt)
  const texts = asserts.flatMap(({ expected }) => valuesIn(expected))
  return texts.some((text) => /^-?\d(\.\d+)?e\+\d+$/i.test(String(text)) && given.includes(Number(text)))
}

/** A whole number of 32 bits is read as a date, which MongoDB does with doubles and longs and refuses with ints. */
function readsAsDate({ ops }: OracleCase): boolean {
  const converted = fieldsNamed(ops, '$convert').filter(isPlain)
  const toDate = converted.filter(({ to }) => to === 'date' || to === 9).map(({ input }) => input)
  return [...fieldsNamed(ops, '$toDate'), ...toDate].some((operand) => {
    const isPath = typeof operand === 'string' && operand.startsWith('$')
    const inputs = isPath ? fieldsNamed(ops, operand.slice(1)) : [operand]
    return inputs.some(isInt)
  })
}

function isInt(value: unknown): boolean {
  return typeof value === 'number' && value === (value | 0)
}

function withoutId(document: unknown): string {
  return JSON.stringify(isPlain(document) ? { ...document, _id: undefined } : document)
}
