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
import { compileFieldPath, compileVariable, type KnownVariables, type Variables } from './variable.ts'

export type { Evaluate } from './scope.ts'

export interface CompileContext {
  /** Variables that the caller of the expression sets in {@link Scope.variables}. */
  readonly variables?: Iterable<string>
  /** Values of variables that are the same for every document. */
  readonly known?: KnownVariables | undefined
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
  const { meter = new Meter(), known } = context
  const variables = { slots: NO_SLOTS, outer: namesOf(context.variables), known, noDocument: context.constant === true }
  // Most expressions are a path or a constant, which needs nothing of what follows.
  if (typeof expression === 'object' && expression !== null)
    return compileParts(expression, { variables, meter, context })
  meter.work(STEPS_OF_A_PART)
  return compileScalar(expression, variables)
}

const NO_SLOTS: Variables['slots'] = new Map()
const NO_NAMES: Variables['outer'] = new Set()

function namesOf(variables: Iterable<string> | undefined): Variables['outer'] {
  if (variables === undefined || (Array.isArray(variables) && variables.length === 0)) return NO_NAMES
  return new Set(variables)
}

interface Surroundings {
  readonly variables: Variables
  readonly meter: Meter
  readonly context: CompileContext
}

function compileParts(expression: object, { variables, meter, context }: Surroundings): Evaluate {
  const { metadata = INDEX_METADATA } = context
  const whole: Whole = { metadata, meter, constants: undefined, slots: 0, parts: 0 }
  const { evaluate, weight } = new Level(whole, { variables, depth: DEEPEST, isLazy: false }).weigh(expression)
  if (weight <= FEW || evaluate.constant) return evaluate
  return (scope) => {
    scope.meter.work(weight)
    return evaluate(scope)
  }
}

/** What all parts of one expression share. */
interface Whole {
  readonly metadata: ReadonlySet<string>
  readonly meter: Meter
  constants: Scope | undefined
  slots: number
  parts: number
}

interface Place {
  readonly variables: Variables
  readonly depth: number
  /** A constant that fails does so only if it is ever evaluated. */
  readonly isLazy: boolean
}

/** A class, because a program may have a hundred thousand expressions, each of which begins with one. */
class Level implements Parse {
  readonly #whole: Whole
  readonly #place: Place
  /** Shared by all expressions of one level. */
  #below: Level | undefined
  #lazy: Level | undefined

  constructor(whole: Whole, place: Place) {
    this.#whole = whole
    this.#place = place
  }

  get metadata(): ReadonlySet<string> {
    return this.#whole.metadata
  }

  get constants(): Scope {
    const whole = this.#whole
    return (whole.constants ??= createScope({ now: new Date(0), random: () => 0, meter: whole.meter }))
  }

  weigh(expression: unknown): { readonly evaluate: Evaluate; readonly weight: number } {
    const before = this.#whole.parts
    const evaluate = this.compile(expression)
    return { evaluate, weight: this.#whole.parts - before }
  }

  compile(expression: unknown): Evaluate {
    const whole = this.#whole
    const { variables, depth, isLazy } = this.#place
    if (++whole.parts > MOST_PARTS) fail('BSONObjectTooLarge', `an expression must have at most ${MOST_PARTS} parts`)
    whole.meter.work(STEPS_OF_A_PART)
    if (depth === 0) fail('Overflow', `an expression must be nested at most ${DEEPEST} levels deep`)
    const isScalar = typeof expression !== 'object' || expression === null
    const compiled = isScalar ? compileScalar(expression, variables) : compile(expression, this.#inside(), variables)
    if (compiled.failure !== undefined && !isLazy) throw compiled.failure
    return compiled
  }

  lazy(): Parse {
    if (this.#place.isLazy) return this
    return (this.#lazy ??= new Level(this.#whole, { ...this.#place, isLazy: true }))
  }

  declare(names: readonly string[]): { readonly inner: Parse; readonly slots: readonly number[] } {
    const { variables } = this.#place
    const added = names.map((name): [string, number] => [name, this.#whole.slots++])
    const inner = new Level(this.#whole, {
      ...this.#place,
      variables: { ...variables, slots: new Map([...variables.slots, ...added]) },
    })
    return { inner, slots: added.map(([, slot]) => slot) }
  }

  #inside(): Level {
    return (this.#below ??= new Level(this.#whole, { ...this.#place, depth: this.#place.depth - 1 }))
  }
}

function compile(expression: object, parse: Parse, variables: Variables): Evaluate {
  if (Array.isArray(expression)) return compileArray(expression, parse)
  if (isDocument(expression)) return compileObject(expression, parse)
  return compileScalar(expression, variables)
}

function compileScalar(expression: unknown, variables: Variables): Evaluate {
  return typeof expression === 'string' ? compileString(expression, variables) : constant(filterLiteral(expression, ''))
}

function compileString(text: string, variables: Variables): Evaluate {
  if (!text.startsWith('$')) return constant(text)
  if (text.startsWith('$$')) return compileVariable(text.slice(2), variables)
  if (text === '$') fail(16872, "a field path must have a name after '$'")
  return compileFieldPath(text.slice(1), variables)
}

function compileArray(elements: readonly unknown[], parse: Parse): Evaluate {
  const parts = elements.map((element) => parse.compile(element))
  return fold(
    (scope) => {
      scope.meter.allocate(arraySize(parts.length))
      const values = evaluateAll(parts, scope)
      for (let index = 0; index < values.length; index++) values[index] ??= null
      return values as Value[] // what was missing is null
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
