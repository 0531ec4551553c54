import { fail } from './failure.ts'
import { readFieldPath } from '../../query/path.ts'
import { fieldPath } from './field-path.ts'
import { constant, constantValue, type Evaluate, type Result, type Scope } from './scope.ts'

export type KnownVariables = Readonly<Record<string, Result>>

/** How a variable is found: by a slot of an enclosing operator, or by a name set from outside. */
export interface Variables {
  readonly slots: ReadonlyMap<string, number>
  readonly outer: ReadonlySet<string>
  /** Variables from outside whose values are known already: they are constants. */
  readonly known?: KnownVariables | undefined
  /** True when no document can be read. */
  readonly noDocument?: boolean
}

/** Compiles `$$name` or `$$name.path`, given without the dollars. */
export function compileVariable(text: string, variables: Variables): Evaluate {
  const dot = text.indexOf('.')
  const name = dot < 0 ? text : text.slice(0, dot)
  const read = reader(name, variables)
  if (dot < 0) return read
  const segments = fieldPath(text.slice(dot + 1))
  if (read.constant) return constant(readFieldPath(constantValue(read), segments))
  return (scope) => readFieldPath(read(scope), segments)
}

/** Compiles `$path`, which is `$$CURRENT.path`. */
export function compileFieldPath(path: string, variables: Variables): Evaluate {
  const segments = fieldPath(path)
  const slot = variables.slots.get('CURRENT')
  if (variables.noDocument === true && slot === undefined) return noDocument()
  if (slot !== undefined) return (scope) => readFieldPath(scope.slots[slot], segments)
  return (scope) => readFieldPath(scope.current, segments)
}

function reader(name: string, variables: Variables): Evaluate {
  const slot = variables.slots.get(name)
  if (slot !== undefined) return (scope) => scope.slots[slot]
  const { known } = variables
  if (known !== undefined && Object.hasOwn(known, name)) return constant(known[name])
  if (variables.outer.has(name)) return (scope) => scope.variables[name]
  if (variables.noDocument === true && (name === 'ROOT' || name === 'CURRENT')) return noDocument()
  return SYSTEM.get(name) ?? unknownVariable(name)
}

const SYSTEM: ReadonlyMap<string, Evaluate> = new Map([
  ['ROOT', (scope: Scope) => scope.root],
  ['CURRENT', (scope: Scope) => scope.current],
  ['NOW', (scope: Scope) => scope.now],
  ['REMOVE', constant(undefined)],
])

function noDocument(): never {
  return fail(4890500, 'a value of let cannot read a document', 'Use constants, $literal, and operators over them.')
}

const DEFINE = 'Define it in $let, $map, $filter, $reduce or `let`, or use $$ROOT, $$CURRENT, $$NOW or $$REMOVE.'

function unknownVariable(name: string): never {
  if (!/^[\p{L}\u0080-\uffff]/u.test(name)) fail('FailedToParse', "a variable's name must start with a letter")
  return fail(17276, 'the variables of an expression must be defined', DEFINE)
}

/** Refuses names that users cannot define as variables. */
export function checkVariableName(name: string): void {
  if (name === 'CURRENT') return
  if (!/^[a-z\u0080-\uffff]/.test(name)) {
    fail(16867, "a variable's name must start with a lower-case letter")
  }
  if (!/^[\w\u0080-\uffff]*$/.test(name)) {
    fail(16868, "a variable's name must hold letters, digits and underscores only")
  }
}
