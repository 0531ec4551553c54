import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import * as p from 'drizzle-orm/pg-core'
import { it, beforeAll } from 'vitest'
import { openDatabase, SqlRepository } from 'lexigram-edge/sql'
import { pglite } from 'lexigram-edge/sql/pglite'
import { postgres } from 'lexigram-edge/sql/postgres'
import { neon } from 'lexigram-edge/sql/neon'
import { fieldEq, fieldIn, fieldGt, fieldLt, and, or, not } from 'lexigram-edge'
import * as edge from 'lexigram-edge'
import { findPostgres, startPostgres } from '../test/support/postgres.ts'
import { serveNeon } from './cli/neon-local/serve.ts'

const say = (...a: unknown[]) => console.log(...a.map((x) => typeof x === 'string' ? x : x instanceof Error ? `${x.name} ${(x as any).code} ${x.message} | ${(x as any).hint ?? ''} ${(x as any).code ? '' : x.stack}` : JSON.stringify(x, (_k, v) => typeof v === 'bigint' ? `${v}n` : v)))
const tryIt = async (what: string, f: () => unknown) => { try { say(what, '→', await f()) } catch (e) { say(what, '✗', e) } }
const lanes: Record<string, any> = {}
beforeAll(async () => {
  lanes.pglite = (await openDatabase({ drivers: [pglite()], url: 'pglite:memory' }))
  const c = await startPostgres(findPostgres()!)
  lanes.postgres = await openDatabase({ drivers: [postgres()], url: c.url })
  const e = await serveNeon()
  lanes.neon = await openDatabase({ drivers: [neon()], url: e.url })
}, 60000)

const odd = p.pgTable('select', { // keyword
  'we"ird': p.integer('we"ird').primaryKey(),
  order: p.text('order'),
  n: p.numeric('n', { precision: 38, scale: 10 }),
  t: p.timestamp('t', { withTimezone: true }),
  ts: p.timestamp('ts', { mode: 'string' }),
  d: p.date('d'),
  j: p.jsonb('j'),
  iv: p.interval('iv'),
  arr: p.text('arr').array(),
})
it('odd types', async () => {
  for (const [name, db] of Object.entries(lanes)) {
    console.log('==== ' + name)
    const s = db.session()
    await s.execute('drop table if exists "select"')
    await s.execute('create table "select" ("we""ird" int primary key, "order" text, n numeric(38,10), t timestamptz, ts timestamp, d date, j jsonb, iv interval, arr text[])')
    const repo: any = new SqlRepository(odd, s, { toEntity: (r) => r, toRow: (r: any) => r })
    await tryIt('save basic', () => repo.save({ 'we"ird': 1, order: 'a', n: '1234567890123456789012345678.0123456789', t: new Date('2020-01-01'), j: null, arr: ['a', 'null', 'NULL', '', '{}', '"', '\\', 'a,b', null] }))
    await tryIt('find', () => repo.find(1))
    await tryIt('invalid date', () => repo.save({ 'we"ird': 2, t: new Date(NaN) }))
    await tryIt('date BC', () => repo.save({ 'we"ird': 3, t: new Date('-000043-03-15T00:00:00Z'), d: '0044-03-15 BC' }))
    await tryIt('find BC', async () => { const r = await repo.find(3); return r.t?.toISOString() + ' ' + r.d })
    await s.execute(`insert into "select" ("we""ird", t, d, ts, iv) values (4, 'infinity', 'infinity', '-infinity', '1 year 2 mons -3 days 04:05:06.789')`)
    await tryIt('find infinity', () => repo.find(4))
    await tryIt('far date', () => repo.save({ 'we"ird': 5, t: new Date(8.64e15) }))
    await tryIt('find far', async () => (await repo.find(5)).t?.toISOString())
    await tryIt('symbol', () => repo.save({ 'we"ird': 6, order: Symbol('x') }))
    await tryIt('bigint in text', () => repo.save({ 'we"ird': 6, order: 5n }))
    await tryIt('fn', () => repo.save({ 'we"ird': 6, order: () => 1 }))
    await tryIt('class', () => repo.save({ 'we"ird': 6, order: new Map() }))
    await tryIt('getter throws', () => repo.save({ 'we"ird': 6, get order() { throw new Error('getter') } }))
    await tryIt('proxy', () => repo.save(new Proxy({ 'we"ird': 6, order: 'p' }, {})))
    await tryIt('NUL text', () => repo.save({ 'we"ird': 7, order: 'a\0b' }))
    await tryIt('NUL json', () => repo.save({ 'we"ird': 7, j: { a: 'a\0b' } }))
    await tryIt('lone surrogate', () => repo.save({ 'we"ird': 7, order: '\ud800' }))
    await tryIt('json bigint', () => repo.save({ 'we"ird': 8, j: { a: 1n } }))
    await tryIt('json cyc', () => { const o: any = {}; o.o = o; return repo.save({ 'we"ird': 8, j: o }) })
    await tryIt('json undefined/fn', () => repo.save({ 'we"ird': 8, j: () => 1 }))
    await tryIt('json null in sql', async () => { await s.execute(`insert into "select" ("we""ird", j) values (9, 'null'), (10, null)`); return [await repo.find(9), await repo.find(10)] })
    await tryIt('spec j eq null', async () => (await repo.findBySpec(fieldEq('j' as never, null as never))).map((r: any) => r['we"ird']))
    await tryIt('spec n', async () => (await repo.findBySpec(fieldEq('n' as never, '1234567890123456789012345678.0123456789' as never))).map((r: any) => r['we"ird']))
    await tryIt('10MB', async () => { const r = await repo.save({ 'we"ird': 11, order: 'x'.repeat(10_000_000) }); return r.order.length })
    await tryIt('60MB', async () => { const r = await repo.save({ 'we"ird': 11, order: 'x'.repeat(70_000_000) }); return r.order.length })
    await tryIt('key NaN', () => repo.find(NaN))
    await tryIt('key 1.5', () => repo.find(1.5))
    await tryIt('key 2^31', () => repo.find(2 ** 31))
    await tryIt('key "1 "', () => repo.find('1 '))
    await tryIt('key "x"', () => repo.find('x'))
    await tryIt('page nulls', async () => { const out = []; let after: any = null; do { const pg: any = await repo.page({ sort: [['order', 'asc']], limit: 2, after }); out.push(...pg.items.map((r: any) => r['we"ird'])); after = pg.next } while (after); return out })
    await tryIt('page nulls desc t', async () => { const out = []; let after: any = null; do { const pg: any = await repo.page({ sort: [['t', 'desc']], limit: 2, after }); out.push(...pg.items.map((r: any) => r['we"ird'])); after = pg.next } while (after); return out })
    await tryIt('page j', async () => { const out = []; let after: any = null; do { const pg: any = await repo.page({ sort: { j: 'desc' }, limit: 2, after }); out.push(...pg.items.map((r: any) => r['we"ird'])); after = pg.next } while (after); return out })
    await tryIt('page arr', async () => { const out = []; let after: any = null; do { const pg: any = await repo.page({ sort: { arr: 'desc' }, limit: 2, after }); out.push(...pg.items.map((r: any) => r['we"ird'])); after = pg.next } while (after); return out })
    await tryIt('page iv', async () => { const out = []; let after: any = null; do { const pg: any = await repo.page({ sort: { iv: 'desc' }, limit: 2, after }); out.push(...pg.items.map((r: any) => r['we"ird'])); after = pg.next } while (after); return out })
    await tryIt('page n', async () => { const out = []; let after: any = null; do { const pg: any = await repo.page({ sort: { n: 'asc' }, limit: 2, after }); out.push(...pg.items.map((r: any) => r['we"ird'])); after = pg.next } while (after); return out })
    await tryIt('count', () => repo.count())
    await tryIt('bad sort', () => repo.page({ sort: { 'toString': 'asc' } }))
    await tryIt('deep spec', async () => { let sp: any = fieldEq('order' as never, 'a' as never); for (let i = 0; i < 5000; i++) sp = i % 2 ? not(sp) : and(sp, sp === null ? sp : fieldEq('order' as never, 'a' as never)); return (await repo.findBySpec(sp)).length })
    await tryIt('in 70k', async () => (await repo.findBySpec(fieldIn('we"ird' as never, Array.from({ length: 70000 }, (_, i) => i) as never))).length)
    await tryIt('deleteMany 70k', async () => repo.deleteMany(Array.from({ length: 70000 }, (_, i) => i + 1000)))
    await tryIt('saveMany 20k', async () => { const r = await repo.saveMany(Array.from({ length: 20000 }, (_, i) => ({ 'we"ird': i + 1000, order: `${i}` }))); return Array.isArray(r) ? r.length : r })
    await tryIt('stream left', async () => { let n = 0; for await (const _ of repo.stream()) { if (++n === 5) break } return n })
    await tryIt('count after', () => repo.count())
  }
}, 120000)
