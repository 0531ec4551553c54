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
    'call p()',
    'do $$ begin end $$',
    'create table t (n int)',
    '',
  ])('does not know %s', (text) => {
    expect(known(text)).toBe(false)
  })
})
