import { describe, expect, it } from 'vitest'
import { isKnownReadOnly } from './read-only.ts'

const known = (text: string) => isKnownReadOnly({ text, params: [] })

describe('isKnownReadOnly', () => {
  it.each([
    'select 1',
    ' (select 1) union (select 2)',
    'select "id", count(*) from "orders" where "id" in ($1, $2) and (a or b)',
    'with recent as (select 1) select * from recent',
    'values (1), (2)',
    'table orders',
    'show datestyle',
    `select 'delete from t; f()' as text -- insert into`,
    'select coalesce(json_agg(json_build_array("a"."id")), \'[]\'::json) from a left join lateral (select 1) b on true',
    'select a::numeric(12, 2) from t',
    'select a from t inner join (select 1) b on true left join lateral (select 2) c on true group by (a)',
    'with a as materialized (select 1) select row_number() over (partition by (b) order by c) from a',
    'select count(*) filter (where a) over w, b::character varying(3) from t window w as (order by a)',
    'select a from t where b like $1 and c between (1) and (2) and not (d is null)',
    'select a from t group by rollup(a), (b)',
  ])('knows %s', (text) => {
    expect(known(text)).toBe(true)
  })

  it.each([
    'insert into t values (1)',
    'with gone as (delete from t returning 1) select * from gone',
    'select * into copy from t',
    'select nextval($1)',
    'select my_function()',
    'select app.lower(x)',
    'select "quoted"(x)',
    'explain analyze delete from t',
    'select pg_terminate_backend(1)',
    'select "pg_terminate_backend"(1)',
    'select "pg_catalog"."nextval"($1)',
    `select U&"next\\0076al"('s')`,
    'select pg_catalog . "nextval"($1)',
    'select app . lower(x)',
    'select app./* */lower(x)',
    'select "app" . lower(x)',
    'select fooé(x)',
    'select élower(x)',
    'select lower\u00a0(x)',
    'select -- a\rf()',
    `select $é$ ' $é$, f(), $é$ ' $é$`,
    `select é$$, f(), é$$ from t`,
    `select éE'a\\', f(), 'b' from t`,
    `select 'a\\'' , f() --'`,
    `select E'a'\n'b\\'' , f() --'`,
    'select 1into copy from t',
    'select $1into copy from t',
    'select partition(1)',
    'select over(1)',
    'select filter(1)',
    'select within(1)',
    'select rollup(1)',
    'select by(1)',
    'select varying(1)',
    'select like(1)',
    'select join(1)',
    'select is(1)',
    'select a operator(app.+) b',
    'select a from t for update',
    'explain analyze select 1',
    'execute plan',
    'call p()',
    'do $$ begin end $$',
    'create table t (n int)',
    '',
  ])('does not know %s', (text) => {
    expect(known(text)).toBe(false)
  })

  it('reads a long statement once', () => {
    expect(known(`select ${'a'.repeat(5_000_000)} from t`)).toBe(true)
    expect(known(`select ${'('.repeat(100_000)}`)).toBe(true)
    expect(known(`select ${' '.repeat(5_000_000)}(1)`)).toBe(true)
  })
})
