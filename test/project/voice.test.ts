import { describe, expect, it } from 'vitest'
import { modulesIn } from './modules.ts'
import { spokenIn, type Remark } from './voice.ts'

const READ = ['src', 'adapters', 'tools', 'bench']

/** `expected …` completes the name of a setting. */
const FORM = /\b(?:must|cannot)\b|\bdid not \w+ (?:before|within)\b|^expected /

const FOREIGN =
  /(?<![Tt]here )\b(?:is|are) no (?!longer|more|less)|(?<![Tt]here )\b(?:are|is) none\b|\b(?:told|tells?) of\b|\b[Ww]hoever\b|\b[Nn]obody\b|\bsigns? of life\b|\bkept no more\b|\bunless told\b|@throws \{|\bgives? a new\b|\bDefault:? [`'\d]/

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
})

describe('comments and messages', () => {
  it.each(['comments', 'messages'] as const)('use no phrase that reads as translated: %s', (kind) => {
    expect(remarks(kind, ({ text }) => FOREIGN.test(text))).toEqual([])
  })
})

function remarks(kind: 'comments' | 'messages', isWrong: (remark: Remark) => boolean): string[] {
  const read = kind === 'comments' ? files : files.filter(({ path }) => !QUOTED.test(path))
  return read.flatMap(({ path, [kind]: said }) =>
    said.filter(isWrong).map(({ line, text }) => `${path}:${line} ${text}`),
  )
}
