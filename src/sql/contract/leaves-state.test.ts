import { expect, it } from 'vitest'
import { leavesState } from './leaves-state.ts'

it.each([
  'set role app',
  "SET SESSION search_path = 'x'",
  'reset all',
  'listen orders',
  'prepare p as select 1',
  'create temp table t (id int)',
  'create local temporary table t (id int)',
  'select 1 into temp t',
  'select pg_advisory_lock(1)',
  'select pg_try_advisory_lock_shared (1)',
  "select set_config('app.tenant', 'a', false)",
  `select "set_config"('app.tenant', 'a', false)`,
  `select pg_catalog."set_config"('app.tenant', 'a', false)`,
  `select U&"set\\005fconfig"('app.tenant', 'a', false)`,
  'select "pg_advisory_lock"(1)',
  "update pg_settings set setting = 'a' where name = 'app.tenant'",
  "do $$ begin perform set_config('app.tenant', 'a', false); end $$",
  'call sets_the_tenant()',
  'create table pg_temp.t (id int)',
  'select 1 as n into "pg_temp".t',
  "/* note */ select set_config('app.tenant', 'a', $1)",
])('%s leaves something in the session', (text) => {
  expect(leavesState({ text, params: [] })).toBe(true)
})

it.each([
  'select 1',
  'update t set name = $1',
  "insert into t (name) values ('set role app')",
  'select temp from weather',
  'set local role app',
  'set transaction read only',
  'select set_config($1, $2, true)',
  'select set_config($1, $2, true), set_config($3, $4, true)',
  'select pg_advisory_xact_lock(1)',
  'prepare_orders',
  'select "set", "temp" from "load"',
  `select name, setting from pg_settings`,
  `select 'pg_temp'`,
])('%s does not', (text) => {
  expect(leavesState({ text, params: [] })).toBe(false)
})
