import { describe, expect, it } from 'vitest'
import { replaceQuoted } from './quoted-sql.ts'

const hide = (text: string): string => replaceQuoted(text, { quoted: () => '_' })

describe('replaceQuoted', () => {
  it.each([
    ['a comment that a carriage return ends', '-- a\rf()', '_\rf()'],
    ['a dollar quote whose tag has letters beyond ASCII', `$é$ ' $é$, f(), $é$ ' $é$`, '_, f(), _'],
    ['dollars after a letter beyond ASCII', 'é$$, f(), é$$', 'é$$, f(), é$$'],
    ['an E that belongs to a name beyond ASCII', `éE'a\\', f(), 'b'`, `éE_, f(), _`],
    ['a tag that begins with a digit', '$1$ f() $1$', '$1$ f() $1$'],
    ['an escaped quote at the end', `E'a\\'', f() --'`, '_, f() _'],
    ['a string that is never closed', `a 'b; f()`, 'a _'],
    ['a name that is never closed', `a "b; f()`, 'a _'],
    ['a dollar quote that is never closed', `a $$b; f()`, 'a _'],
    ['a name in a comment in a name', `"a/*" f() "*/"`, '_ f() _'],
  ])('reads %s as PostgreSQL does', (_what, text, hidden) => {
    expect(hide(text)).toBe(hidden)
  })

  it.each([`'`, `E'`, '"', '$$', '--', '/*'])('reads twenty megabytes after %s', (mark) => {
    const part = `${mark}${`''""`.repeat(5_000_000)}`
    expect(hide(part)).toBe('_')
  })
})
