import { expect, it } from 'vitest'
import { embeddedRefusal } from './embedded-limits.ts'

it.each([
  ['set session authorization postgres'],
  ['SET LOCAL SESSION AUTHORIZATION DEFAULT'],
  ['set session /* as */ authorization "postgres"'],
  ["set session_authorization = 'postgres'"],
  ['reset session authorization'],
  [`set U&"session\\005fauthoriz\\0061tion" = 'postgres'`],
  ['do $body$ begin set session authorization postgres; end $body$'],
  ["do $$ begin execute 'set session authorization postgres'; end $$"],
  ["select 1, set_config('session_authorization', 'postgres', false)"],
  ['select set_config($1, $2, true)', ['Session_Authorization', 'postgres']],
])('%s is another login', (text, params: readonly string[] = []) => {
  expect(embeddedRefusal({ text, params })).toBe('login')
})

it.each([
  ["set idle_in_transaction_session_timeout = '1s'"],
  ['set session idle_session_timeout to 100'],
  ['-- note\nset local "transaction_timeout" = 5'],
  ["alter role lexigram set idle_session_timeout = '1s'"],
  ["with s as (select set_config('transaction_timeout', '5s', true)) select * from s"],
  ["select set_config('transaction_timeout', $1, true)", ['5s']],
  ['select set_config($1, $2, true), set_config($3, $4, true)', ['app.t', '1', 'transaction_timeout', '0.5min']],
  ["do $$ begin set transaction_timeout = '5s'; end $$"],
])('%s turns a timeout on that never ends', (text, params: readonly string[] = []) => {
  expect(embeddedRefusal({ text, params })).toBe('timeout')
})

it.each([
  ['set role reader'],
  ["set statement_timeout = '5s'"],
  ['set transaction_timeout = 0'],
  ["set idle_in_transaction_session_timeout = '0'"],
  ['set local idle_session_timeout to default'],
  ["select set_config('transaction_timeout', '0', true)"],
  ['select set_config($1, $2, true)', ['transaction_timeout', '0ms']],
  ['show transaction_timeout'],
  ['select setting from pg_settings where name = $1', ['transaction_timeout']],
  ['insert into notes values ($1, $2)', ['session_authorization', 'transaction_timeout']],
  ["insert into notes values ('set session authorization postgres')"],
  ["comment on table notes is 'set session authorization postgres'"],
  ['create table limits (transaction_timeout int, authorization_code text)'],
  ['update limits set transaction_timeout = 5'],
  ['create schema authorization lexigram'],
])('%s is for the database', (text, params: readonly string[] = []) => {
  expect(embeddedRefusal({ text, params })).toBeUndefined()
})
