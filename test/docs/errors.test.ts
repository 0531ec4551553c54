import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { modulesIn } from '../project/modules.ts'

/** A row of a table: `| code | class | status | …`. */
const ROW = /^\| `(LEX_ERR_\w+)`\s*\| `(\w+)`\s*\|\s*([^|]*?)\s*\| [^|]*\S[^|]*\| [^|]*\S[^|]*\|$/gm

const page = readFileSync(join(root, 'docs/errors.md'), 'utf8')
const rows = [...page.matchAll(ROW)].map(([, code = '', name = '', status = '']) => ({ code, name, status }))
const sources = modulesIn('src', 'adapters')

describe('docs/errors.md', () => {
  it('has exactly one row for each code of the package', () => {
    const inSource = sources.flatMap(({ text }) => text.match(/LEX_ERR_[A-Z]+_\d+/g) ?? [])
    expect(rows.map(({ code }) => code).toSorted()).toEqual([...new Set(inSource)].toSorted())
  })

  it('names the class and the status that the source declares for each code', () => {
    const declared = sources.flatMap(({ text }) => declarationsIn(text))
    expect(declared.length).toBeGreaterThan(30)
    const wrong = declared.filter(({ code, name, status }) => {
      const row = rows.find((each) => each.code === code)
      return row?.name !== name || row.status !== status
    })
    expect(wrong).toEqual([])
  })
})

const INHERITED: Readonly<Record<string, string>> = {
  LexigramError: '500',
  DomainError: '400',
  InfrastructureError: '503',
}

/** Classes with a literal code, and the status of their instances. */
function declarationsIn(text: string): { name: string; code: string; status: string }[] {
  return text.split(/^export (?=class)/m).flatMap((part) => {
    const [, name = '', base = ''] = /^class (\w+) extends (\w+)/.exec(part) ?? []
    const [, code] = /readonly code = '(LEX_ERR_\w+)'/.exec(part) ?? []
    const [, own] = /readonly status(?:: number)?(?: = (\d+))?/.exec(part) ?? [undefined, 'inherited']
    if (code === undefined) return []
    const status = own === 'inherited' ? INHERITED[base] : (own ?? 'that of the first error')
    return [{ name, code, status: status ?? `the status of ${base}` }]
  })
}
