import { fail } from './failure.ts'
import { isNullish, typeName } from './kinds.ts'
import { objectArgument, type Operator, type Operators } from './parse.ts'
import { constant, type Evaluate, type Result } from './scope.ts'
import { pointLength } from './text.ts'

export const REGEX: Operators = {}
