import { describe, expect, it } from 'vitest'
import { controlsTransaction, describeStatement } from './describe-statement.ts'

describe('describeStatement', () => {
  it.each([
    ['create table products (id int)', 'create table products', 'products'],
    ['CREATE TABLE IF NOT EXISTS "Pro ducts" (id int)', 'create table "Pro ducts"', '"Pro ducts"'],
    ['create unique index concurrently i on t (a)', 'create index i', 'i'],
    ['create or replace function audit.log() returns void', 'create function audit.log', 'audit.log'],
    ['create materialized view sums as select 1', 'create materialized view sums', 'sums'],
    ['alter table only products add x int', 'alter table products', 'products'],
    ['drop table if exists products', 'drop table products', 'products'],
    ["insert into products values ('secret')", 'insert into products', 'products'],
    ['update products set a = 1', 'update products', 'products'],
    ['-- why\n/* and how */ delete from products', 'delete from products', 'products'],
    ["create role ada password 'secret'", 'create role ada', 'ada'],
    ["select 'secret'", 'select', undefined],
    ['do $$ begin end $$', 'do', undefined],
    ['(values (1))', 'values', undefined],
    ['()', 'a statement', undefined],
  ])('says of %j that it is %j', (statement, what, object) => {
    expect(describeStatement(statement)).toEqual({ what, object })
  })
})

describe('controlsTransaction', () => {
  it.each([
    'begin',
    'BEGIN ISOLATION LEVEL SERIALIZABLE',
    'start transaction',
    'commit',
    '-- done\ncommit work',
    'end',
    'rollback',
    'abort',
    "prepare transaction 'x'",
    "commit prepared 'x'",
    'savepoint a',
    'release savepoint a',
    'rollback to a',
  ])('is true of %j', (statement) => {
    expect(controlsTransaction(statement)).toBe(true)
  })

  it.each([
    'do $$ begin perform 1; end $$',
    'create table commit_log (id int)',
    'prepare q as select 1',
    "select 'commit'",
  ])('is false of %j', (statement) => {
    expect(controlsTransaction(statement)).toBe(false)
  })
})
