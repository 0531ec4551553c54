import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { modulesIn } from './modules.ts'
import { isTranslated, spokenIn, withoutCode, type Remark } from './voice.ts'

/** Folders whose messages and comments are read, and those whose comments are. */
const WITH_MESSAGES = ['src', 'adapters', 'tools', 'bench']
const READ = [...WITH_MESSAGES, 'examples', 'test', 'web']

/** `expected …` completes the name of a setting. */
const FORM = /\b(?:must|cannot)\b|\bdid not \w+ (?:before|within)\b|^expected /

/** What comments and messages must not have either. */
const IN_CODE =
  /\bare no (?!longer|more|less)|\b(?:are|is) none\b|\btold (?!apart)|\bkept no more\b|\bgives? a new\b|@throws \{|\bDefault:? [`'\d]/
/** What messages, guides and decisions must not have either: a value is text, and an argument an array. */
const OTHER_WORDS = /\b[Aa] text (?!search|index)|\btexts\b|\b(?:must|cannot) be a list\b/

/** The stand-in for a MongoDB server speaks as the server does; reasons against a regular expression complete a sentence. */
const QUOTED = /^tools\/mongodb-server\/|^src\/nosql\/query\/regex\/|-conformance\//

const files = modulesIn(...READ).map(({ path, text }) => ({ path, ...spokenIn(path, text) }))

describe('messages of errors', () => {
  it('say what must be, or what cannot be done', () => {
    expect(remarks('messages', ({ text }) => !FORM.test(text))).toEqual([])
  })

  it('begin with a lower-case letter, an operator or a name', () => {
    expect(remarks('messages', ({ text }) => /^(?:An?|The|This|No|Two|It) /.test(text))).toEqual([])
  })

  it('end without a full stop', () => {
    expect(remarks('messages', ({ text }) => /[^.]\.$/.test(text))).toEqual([])
  })

  it('use one word for a kind of value', () => {
    expect(remarks('messages', ({ text }) => OTHER_WORDS.test(`${text} `))).toEqual([])
  })
})

describe('comments and messages', () => {
  it.each(['comments', 'messages'] as const)('use no phrase that reads as translated: %s', (kind) => {
    const wrong = remarks(
      kind,
      ({ text }) => isTranslated(text) || IN_CODE.test(text.replaceAll(/\bthere (?:is|are) no(?:ne)?\b/gi, '')),
    )
    expect(wrong).toEqual([])
  })
})

describe('guides and decisions', () => {
  it('use no phrase that reads as translated', () => {
    const paths = globSync(['*.md', 'docs/**/*.md', 'examples/**/README.md'], { cwd: root })
    expect(paths.length).toBeGreaterThan(20)
    const wrong = paths.flatMap((path) => {
      // Lines keep their numbers; what is in code is not prose.
      const text = readFileSync(join(root, path), 'utf8').replaceAll(/^(`{3,})[\s\S]*?^\1/gm, (code) =>
        code.replaceAll(/[^\n]/g, ''),
      )
      return text
        .split('\n')
        .flatMap((line, index) =>
          isTranslated(line) || OTHER_WORDS.test(withoutCode(line)) ? [`${path}:${index + 1} ${line}`] : [],
        )
    })
    expect(wrong).toEqual([])
  })
})

const hasMessages = (path: string): boolean => WITH_MESSAGES.some((folder) => path.startsWith(`${folder}/`))

function remarks(kind: 'comments' | 'messages', isWrong: (remark: Remark) => boolean): string[] {
  const read = kind === 'comments' ? files : files.filter(({ path }) => hasMessages(path) && !QUOTED.test(path))
  return read.flatMap(({ path, [kind]: said }) =>
    said.filter(isWrong).map(({ line, text }) => `${path}:${line} ${text}`),
  )
}
