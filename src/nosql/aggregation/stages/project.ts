import { createRunScope } from '../run-scope.ts'
import { enterDocument } from '../expression/scope.ts'
import { fail } from '../expression/failure.ts'
import { parseFieldPath } from '../field-path.ts'
import { eachStage, type ParseStage, type StageContext } from '../stage.ts'
import {
  addRule,
  computeFields,
  emptyTree,
  selectFields,
  type FieldRule,
  type ProjectionTree,
} from './projection-tree.ts'
import { isDocument } from '../../query/value.ts'

/** `$project`: keeps or drops fields, and computes new ones. */
export const parseProject: ParseStage = (argument, context, name) => {
  if (!isDocument(argument)) return fail(15969, `the argument of ${name} must be an object`)
  if (Object.keys(argument).length === 0) fail(51272, `the argument of ${name} must have at least one field`)
  const reader = new ProjectionReader(context)
  reader.read(argument, [])
  return projectStage(name, reader.tree, reader.exclusive ? 'drop' : 'keep')
}

/** A stage over a finished tree; `mode` says whether the rules name what stays or what goes. */
export function projectStage(name: string, tree: ProjectionTree, mode: 'keep' | 'drop'): ReturnType<ParseStage> {
  const id = tree.fields.get('_id')
  if (mode === 'keep' && id === undefined) tree.fields.set('_id', 'keep')
  const others = mode === 'keep' ? 'drop' : 'keep'
  if (!tree.computes)
    return eachStage(
      name,
      ({ meter }) =>
        (document) =>
          selectFields(document, tree, { others, meter }),
    )
  return eachStage(name, (run) => {
    const scope = createRunScope(run)
    return (document) => {
      const output = selectFields(document, tree, { others, meter: run.meter })
      computeFields(output, tree, enterDocument(scope, document))
      return output
    }
  })
}

/** Reads a specification into a tree, and finds out whether it includes or excludes. */
class ProjectionReader {
  readonly tree = emptyTree()
  readonly #context: StageContext
  #includes = false
  #excludes = false
  #idExcluded = false
  #idIncluded = false

  constructor(context: StageContext) {
    this.#context = context
  }

  get exclusive(): boolean {
    return this.#excludes || (this.#idExcluded && !this.#includes && !this.#idIncluded)
  }

  read(fields: Readonly<Record<string, unknown>>, prefix: readonly string[]): void {
    for (const [field, value] of Object.entries(fields)) {
      const path = [...prefix, ...parseFieldPath(field, 'a field of a projection')]
      if (isDocument(value) && !isOperator(value)) {
        if (Object.keys(value).length === 0) fail(51270, 'a value of a projection must not be an empty object')
        if (path.length > MAX_LEVELS) fail('Overflow', `a projection must be nested at most ${MAX_LEVELS} levels deep`)
        this.read(value, path)
      } else addRule(this.tree, path, this.#rule(value, path))
    }
  }

  #rule(value: unknown, path: readonly string[]): FieldRule {
    const isId = path.length === 1 && path[0] === '_id'
    if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') {
      const keep = value !== false && Number(value) !== 0
      if (isId) this[keep ? 'idIncluded' : 'idExcluded']()
      else this.#choose(keep)
      return keep ? 'keep' : 'drop'
    }
    this.#choose(true)
    return this.#context.expression(value)
  }

  idIncluded(): void {
    this.#idIncluded = true
  }

  idExcluded(): void {
    this.#idExcluded = true
  }

  #choose(keep: boolean): void {
    if (keep) this.#includes = true
    else this.#excludes = true
    if (this.#includes && this.#excludes)
      fail(31253, 'a projection must either include or exclude fields, except for _id')
  }
}

const MAX_LEVELS = 100

/** True for `{ $operator: … }`; the compiler of expressions refuses what mixes operators and fields. */
export function isOperator(value: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(value).some((key) => key.startsWith('$'))
}
