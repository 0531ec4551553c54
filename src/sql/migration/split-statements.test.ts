import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitStatements } from './split-statements.ts'

describe('splitStatements', () => {
  it.each([
    ['nothing', '', []],
    ['only comments', '-- a;\n/* b; */ ; ;', []],
    ['two statements', 'select 1; select 2', ['select 1', 'select 2']],
    ['a quoted semicolon', `select ';''x;'; select ";"";"`, [`select ';''x;'`, `select ";"";"`]],
    ['an escape string', `select E'it\\';s'; select 2`, [`select E'it\\';s'`, 'select 2']],
    ['a backslash in a plain string', `select 'c:\\'; select 2`, [`select 'c:\\'`, 'select 2']],
    ['dollar quotes', 'do $$ begin; end $$; select $a$ $$;$b$ $a$', ['do $$ begin; end $$', 'select $a$ $$;$b$ $a$']],
    ['dollars in a name', 'select a$b$c; select é$$; select 3', ['select a$b$c', 'select é$$', 'select 3']],
    ['parameters', 'select $1; select $2', ['select $1', 'select $2']],
    ['letters before quotes', `select éE'\\'; select 2`, [`select éE'\\'`, 'select 2']],
    ['a comment that a carriage return ends', 'select 1 -- a\r; select 2', ['select 1 -- a', 'select 2']],
    [
      'a body without quotes',
      'create or replace function f() returns int begin atomic select case when 1 = 1 then 2 end; select 3; end; select 4',
      [
        'create or replace function f() returns int begin atomic select case when 1 = 1 then 2 end; select 3; end',
        'select 4',
      ],
    ],
    [
      'an end that is a column',
      'create table t ("end" int, begin int); select 1',
      ['create table t ("end" int, begin int)', 'select 1'],
    ],
    [
      'a function that takes begin',
      'create function begin(begin int) returns int as $$ select 1 $$; select 1',
      ['create function begin(begin int) returns int as $$ select 1 $$', 'select 1'],
    ],
    [
      'a rule with brackets',
      'create rule r as on insert to t do (select 1; select 2); select 3',
      ['create rule r as on insert to t do (select 1; select 2)', 'select 3'],
    ],
    ['a bracket that is never closed', 'select (1; select 2', ['select (1; select 2']],
    ['a bracket too many', 'select 1); select 2', ['select 1)', 'select 2']],
    ['a byte order mark', '\uFEFF-- a\n--> statement-breakpoint\nselect 1', ['select 1']],
    ['a byte order mark before a word', '\uFEFFselect 1; select 2', ['select 1', 'select 2']],
    ['lines that end with both characters', 'select 1 -- a;\r\n; select 2', ['select 1 -- a;', 'select 2']],
    ['comments inside', 'select 1 -- not; here\n, 2; select 3', ['select 1 -- not; here\n, 2', 'select 3']],
    ['nested comments', '/* a /* b; */ c; */ select 1; select 2', ['/* a /* b; */ c; */ select 1', 'select 2']],
    [
      'breakpoints',
      'create table a ()\n--> statement-breakpoint\ncreate table b ();',
      ['create table a ()', 'create table b ()'],
    ],
    ['breakpoints after semicolons', 'select 1;\n--> statement-breakpoint\nselect 2;\n', ['select 1', 'select 2']],
    ['an unfinished quote', `select 'a; select 2`, [`select 'a; select 2`]],
    ['an unfinished comment', 'select 1; /* a; b', ['select 1']],
    ['an unfinished dollar quote', 'select $$ a; b', ['select $$ a; b']],
  ])('cuts a script with %s', (_what, script, expected) => {
    expect(splitStatements(script)).toEqual(expected)
  })

  it('finds the statements that were joined', () => {
    const quoted = fc.string().map((text) => `'${text.replaceAll("'", "''")}'`)
    const identifier = fc.string({ minLength: 1 }).map((text) => `"${text.replaceAll('"', '""')}"`)
    const dollars = fc.string().map((text) => `$q$${text.replaceAll('$', '')}$q$`)
    const statement = fc
      .array(fc.oneof(quoted, identifier, dollars, fc.constantFrom('select', '/* ; */', 'x')), { minLength: 1 })
      .map((parts) => ['select', ...parts].join(' '))
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        expect(splitStatements(statements.join(';\n'))).toEqual(statements)
      }),
    )
  })
})
