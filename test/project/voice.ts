import { parseSync } from 'vite'

/** What a source file says to its readers. */
export interface Spoken {
  readonly comments: readonly Remark[]
  /** Literal messages of errors; `${…}` stands for what is computed. */
  readonly messages: readonly Remark[]
}

export interface Remark {
  readonly line: number
  readonly text: string
}

export interface Node {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

/** Calls that make or throw an error and take its message. */
const REFUSALS =
  /^(?:fail|refuse|invalid|badValue|failedToParse|typeMismatch|overBudget|unsupported|(?!to[A-Z])\w+Error)$/

/** What reads as translated. `give` is plain English, `gives` here means `returns`. */
const TRANSLATED = new RegExp(
  [
    /\bis no (?!longer|more|less)|\b(?:is|are) told\b|\btells? of\b|\bwhoever\b|\bnobody\b|\bsigns? of life\b/,
    /\bof (?:its|their|your|his|her) own\b|\bgives\b(?! up)|\b(?:the|their|its) like\b|\bnevertheless\b|\bunder way\b|\bas none\b/,
    /\bpass(?:ed|es)? over\b|\bhears? of\b|\bbecame of\b|\bbrings? along\b|\btravels?\b|\bhand(?:s|ed)? over\b|\bmend(?:s|ed)?\b/,
    /\bstands? (?:in|apart|before|after|first|last|side|under|beside|next|below|behind)\b/,
    /\bwithout a word\b|\bin silence\b|\ball there is to\b|\bhas not what\b|\bsomebody\b|\b(?:lets?|letting) (?:\w+ )?go\b/,
    /\b(?:does|do|can|to|not) cross\b|\bclients? (?:that |who )?(?:leaves|left)\b|\bmakes? up its mind\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
)

/** Code in the prose may use any word. */
export const withoutCode = (text: string): string => text.replaceAll(/`[^`]*`/g, '')

export function isTranslated(text: string): boolean {
  return TRANSLATED.test(withoutCode(text).replaceAll(/\bthere is no\b/gi, ''))
}

export function spokenIn(path: string, text: string): Spoken {
  const { program, comments } = parseSync(path, text)
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length
  const messages: Remark[] = []
  walk(program, (node) => {
    for (const message of messagesOf(node)) messages.push({ line: lineOf(node.start), text: message })
  })
  return { comments: comments.map(({ start, value }) => ({ line: lineOf(start), text: plain(value) })), messages }
}

/** A comment as one line, without the stars at the beginning of its lines. */
function plain(comment: string): string {
  return comment
    .replaceAll(/(?:^|\n\s*)\*/g, '\n')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** The first argument with more than one word, of a call that refuses. A conditional has one message per branch. */
function messagesOf(node: Node): readonly string[] {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return []
  const callee = node['callee'] as Node
  if (callee.type !== 'Identifier' || !REFUSALS.test(String(callee['name']))) return []
  const read = (node['arguments'] as Node[]).map((argument) => literalsOf(argument).filter((text) => / /.test(text)))
  return read.find(({ length }) => length > 0) ?? []
}

function literalsOf(node: Node): readonly string[] {
  if (node.type === 'ConditionalExpression') {
    return [node['consequent'], node['alternate']].flatMap((branch) => literalsOf(branch as Node))
  }
  if (node.type === 'Literal' && typeof node['value'] === 'string') return [node['value']]
  if (node.type !== 'TemplateLiteral') return []
  return [(node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('${…}')]
}

export function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) return node.forEach((element) => walk(element, visit))
  if (typeof node !== 'object' || node === null) return
  if ('type' in node && typeof node.type === 'string') visit(node as Node)
  for (const value of Object.values(node)) walk(value, visit)
}
