/** Comments, and blanks around them, at the start of a statement. */
const lead = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/

const name = String.raw`(?:"(?:[^"]|"")*"|[\w$\x80-\uffff]+)(?:\.(?:"(?:[^"]|"")*"|[\w$\x80-\uffff]+))*`

/** What may come between a verb and the kind of object, and between that and its name. */
const shapes = [
  String.raw`create(?:\s+or\s+replace)?(?:\s+(?:global|local|temp|temporary|unlogged|unique|recursive|constraint))*\s+(\w+(?:\s+view)?)(?:\s+concurrently)?(?:\s+if\s+not\s+exists)?\s+(NAME)`,
  String.raw`(?:alter|drop)\s+(\w+(?:\s+view)?)(?:\s+concurrently)?(?:\s+if\s+exists)?(?:\s+only)?\s+(NAME)`,
  String.raw`(insert\s+into|delete\s+from|update|truncate(?:\s+table)?)(?:\s+only)?\s+(NAME)`,
].map((shape) => new RegExp(`^${shape.replace('NAME', name)}`, 'i'))

export interface StatementDescription {
  /** Its verb and what it is about: `create table products`. Never a value. */
  readonly what: string
  /** The name of what it is about. */
  readonly object: string | undefined
}

/** Says what a statement is, by its first words: the rest may hold values and passwords. */
export function describeStatement(statement: string): StatementDescription {
  const text = statement.replace(lead, '')
  const found = shapes.map((shape) => shape.exec(text)).find((match) => match !== null)
  const verb = firstWords(text, 1)
  if (found === undefined) return { what: verb, object: undefined }
  const [, kind = '', object] = found
  const action = kind.toLowerCase().replace(/\s+/g, ' ')
  return { what: `${action.startsWith(verb) ? action : `${verb} ${action}`} ${object}`, object }
}

export interface BuiltIndex {
  /** Undefined where the database chooses one, which is another each time. */
  readonly name: string | undefined
  readonly table: string
  /** Whether the statement does nothing where there is one of its name. */
  readonly unlessThere: boolean
}

const builtIndex = new RegExp(
  String.raw`^create\s+(?:unique\s+)?index\s+concurrently\s+(?:(if\s+not\s+exists\s+)?(?!on\s)(NAME)\s+)?on\s+(?:only\s+)?(NAME)`.replaceAll(
    'NAME',
    () => name,
  ),
  'i',
)

/** The index that a statement builds while others write. */
export function indexBuiltBy(statement: string): BuiltIndex | undefined {
  const [, condition, index, table] = builtIndex.exec(statement.replace(lead, '')) ?? []
  return table === undefined ? undefined : { name: index, table, unlessThere: condition !== undefined }
}

/** Whether a statement begins or ends a transaction or a savepoint, which a session refuses. */
export function controlsTransaction(statement: string): boolean {
  const text = statement.replace(lead, '').toLowerCase()
  return /^(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b/.test(text)
}

function firstWords(text: string, count: number): string {
  return (
    text
      .toLowerCase()
      .match(/[a-z]+/g)
      ?.slice(0, count)
      .join(' ') ?? 'a statement'
  )
}
