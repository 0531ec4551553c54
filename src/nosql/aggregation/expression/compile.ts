import { nearestHint } from '../../../core/nearest-name.ts'
import { shownOperator } from '../../query/refusal.ts'
import { fail } from './failure.ts'
import { checkFieldName } from './field-path.ts'
import { INDEX_METADATA } from './metadata.ts'
import { OPERATORS } from './operators.ts'
import { evaluateAll, fold, type Parse } from './parse.ts'
import { constant, createScope, type Evaluate, type Scope } from './scope.ts'
import { arraySize, objectSize } from '../../query/approximate-size.ts'
import { filterLiteral } from '../../query/literal.ts'
import { Meter } from '../../query/meter.ts'
import { isDocument, type Value } from '../../query/value.ts'
import { compileFieldPath, compileVariable, type Variables } from './variable.ts'

export type { Evaluate } from './scope.ts'

export interface CompileContext {
  /** Variables that the caller of the expression sets in {@link Scope.variables}. */
  readonly variables?: Iterable<string>
  /** Metadata that a server could have beside the documents. @default the metadata of indexes */
  readonly metadata?: ReadonlySet<string>
  /** Pays for compiling and for evaluating constants. @default a new meter with the default budget */
  readonly meter?: Meter | undefined
  /** Refuses what looks at a document. @default false */
  readonly constant?: boolean | undefined
}

const DEEPEST = 200
const MOST_PARTS = 1_000_000
/** The work of compiling one expression, and the number of them that are too few to be counted at every evaluation. */
const STEPS_OF_A_PART = 40
const FEW = 4

/**
 * Compiles an aggregation expression into a closure. Whatever MongoDB refuses before it reads a document is refused
 * here, constant operands included (`{ $divide: [1, 0] }`).
 *
 * @throws NoSQLFilterError (LEX_ERR_NOSQL_007) for what MongoDB refuses, with MongoDB's reason.
 * @throws UnsupportedOperationError (LEX_ERR_NOSQL_009) for operators that run code or need a server.
 */
export function compileExpression(expression: unknown, context: CompileContext = {}): Evaluate {
  const { metadata = INDEX_METADATA, meter = new Meter() } = context
  let constants: Scope | undefined
  let slots = 0
  let parts = 0
  const at = (variables: Variables, depth: number, lazy: boolean): Parse => {
    const parse: Parse = {
      metadata,
      get constants() {
        return (constants ??= createScope({ now: new Date(0), random: () => 0, meter }))
      },
      weigh: (inner) => {
        const before = parts
        const evaluate = parse.compile(inner)
        return { evaluate, weight: parts - before }
      },
      compile: (inner) => {
        if (++parts > MOST_PARTS) fail('BSONObjectTooLarge', `an expression must have at most ${MOST_PARTS} parts`)
        meter.work(STEPS_OF_A_PART)
        const compiled = compile(inner, {
          parse: depth === 0 ? parse : at(variables, depth - 1, lazy),
          variables,
          depth,
        })
        if (compiled.failure !== undefined && !lazy) throw compiled.failure
        return compiled
      },
      lazy: () => at(variables, depth, true),
      declare: (names) => {
        const added = names.map((name): [string, number] => [name, slots++])
        const inner = at({ ...variables, slots: new Map([...variables.slots, ...added]) }, depth, lazy)
        return { inner, slots: added.map(([, slot]) => slot) }
      },
    }
    return parse
  }
  const variables = { slots: new Map(), outer: new Set(context.variables), noDocument: context.constant === true }
  const { evaluate, weight } = at(variables, DEEPEST, false).weigh(expression)
  if (weight <= FEW || evaluate.constant) return evaluate
  return (scope) => {
    scope.meter.work(weight)
    return evaluate(scope)
  }
}

interface Place {
  readonly parse: Parse
  readonly variables: Variables
  readonly depth: number
}

function compile(expression: unknown, place: Place): Evaluate {
  if (place.depth === 0) fail('Overflow', `an expression must be nested at most ${DEEPEST} levels deep`)
  if (typeof expression === 'string') return compileString(expression, place.variables)
  if (Array.isArray(expression)) return compileArray(expression, place.parse)
  if (isDocument(expression)) return compileObject(expression, place.parse)
  return constant(filterLiteral(expression, ''))
}

function compileString(text: string, variables: Variables): Evaluate {
  if (!text.startsWith('$')) return constant(text)
  if (text.startsWith('$$')) return compileVariable(text.slice(2), variables)
  if (text === '$') fail(16872, "a field path must have a name after '$'")
  return compileFieldPath(text.slice(1), variables)
}

function compileArray(elements: readonly unknown[], parse: Parse): Evaluate {
  const parts = elements.map(parse.compile)
  return fold(
    (scope) => {
      scope.meter.allocate(arraySize(parts.length))
      const values = evaluateAll(parts, scope)
      for (let index = 0; index < values.length; index++) values[index] ??= null
      return values as Value[]
    },
    parts,
    parse,
  )
}

function compileObject(expression: Readonly<Record<string, unknown>>, parse: Parse): Evaluate {
  const keys = Object.keys(expression)
  const [first] = keys
  if (first?.startsWith('$')) {
    if (keys.length > 1) fail(15983, 'an object with an operator must have exactly one field')
    const operator = Object.hasOwn(OPERATORS, first) ? OPERATORS[first] : undefined
    if (operator === undefined) return unknownOperator(first)
    return operator(expression[first], parse, first)
  }
  for (const key of keys) {
    checkFieldName(key)
    if (key.includes('.')) fail(16405, 'a field name in an expression must not contain a dot', 'Nest objects instead.')
  }
  const parts = keys.map((key) => parse.compile(expression[key]))
  return fold((scope) => construct(keys, parts, scope), parts, parse)
}

function unknownOperator(name: string): never {
  const message = `${shownOperator(name)} cannot be used: it is not an operator of expressions, or not portable`
  return fail('InvalidPipelineOperator', message, nearestHint(name, Object.keys(OPERATORS)))
}

function construct(keys: readonly string[], parts: readonly Evaluate[], scope: Scope): Value {
  scope.meter.allocate(objectSize(keys.length))
  const made: Record<string, Value> = {}
  for (let index = 0; index < keys.length; index++) {
    const value = parts[index]?.(scope)
    if (value !== undefined) made[keys[index] ?? ''] = value
  }
  return made
}
