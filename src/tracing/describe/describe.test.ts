import { describe as group, expect, it } from 'vitest'
import { describe } from './describe.ts'

const sql = (...texts: string[]) => describe({ is: 'sql', statements: texts.map((text) => ({ text })) })

group('a statement', () => {
  it.each([
    [`select * from users where name = 'o''hunter2'`, 'select * from users where name = ?'],
    [`select E'a\\'hunter2' x`, 'select ? x'],
    ['select $$hunter2$$, $1', 'select ?, $1'],
    ['select $tag$ hunter2 $tag$', 'select ?'],
    [
      'update "Users" set pin = 4711, rate=1.5e10 where t2.a1 = $2',
      'update "Users" set pin = ?, rate=? where t2.a1 = $2',
    ],
    ['select 1 -- hunter2', 'select ?'],
    ['select /* hunter2 /* nested */ hunter2 */ x', 'select   x'],
    ["select 'hunter2", 'select ?'],
    ['select $a$ hunter2', 'select ?'],
    ['select "hunter2', 'select ?'],
    ["select U&'hunter2', x'4711'", 'select U&?, x?'],
  ])('%j shows no literal', (text, shown) => {
    expect(sql(text).attributes['db.query.text']).toBe(shown)
  })

  it.each([
    ['select a from public.users u join orders o on true', 'SELECT public.users', 'SELECT'],
    ['insert into "orders" (id) values ($1)', 'INSERT orders', 'INSERT'],
    ['UPDATE only stock set n = 1', 'UPDATE stock', 'UPDATE'],
    ['delete from carts', 'DELETE carts', 'DELETE'],
    ['with written as (update stock set n = 1 returning 1) select 1 from written', 'UPDATE stock', 'UPDATE'],
    ['begin', 'BEGIN', 'BEGIN'],
    [`select 'delete from secrets'`, 'SELECT', 'SELECT'],
  ])('%j is %s', (text, summary, operation) => {
    const { name, kind, attributes } = sql(text)
    expect([name, kind, attributes['db.query.summary']]).toEqual([summary, 'client', summary])
    expect(attributes['db.operation.name']).toBe(operation)
  })

  it('a statement in a batch counts, without the settings that go before it', () => {
    const { name, attributes } = sql(
      'select set_config($1, $2, true)',
      'delete from a',
      'delete from a',
      'delete from b',
    )
    expect(name).toBe('BATCH DELETE a DELETE b')
    expect(attributes).toMatchObject({ 'db.operation.name': 'BATCH DELETE', 'db.operation.batch.size': 3 })
    expect(sql('select set_config($1, $2, true)', 'select 1').attributes).not.toHaveProperty('db.operation.batch.size')
  })

  it('is cut when it is long', () => {
    const text = `select ${Array.from({ length: 5_000 }, (_, i) => `$${i}`).join(', ')}`
    expect(String(sql(text).attributes['db.query.text'])).toHaveLength(2_000)
  })
})

group('a request', () => {
  it('shows its path without query or user', () => {
    const request = new Request('https://shop.example:8443/orders/7?token=hunter2#top', { method: 'POST' })
    expect(describe({ is: 'request', request })).toEqual({
      name: 'POST',
      kind: 'server',
      attributes: {
        'http.request.method': 'POST',
        'url.scheme': 'https',
        'url.path': '/orders/7',
        'server.address': 'shop.example',
        'server.port': 8443,
      },
    })
  })

  it('a request of an unknown method makes no name', () => {
    const request = new Request('https://shop.example/', { method: 'HUNTER2' })
    expect(describe({ is: 'request', request })).toMatchObject({
      name: 'HTTP',
      attributes: { 'http.request.method': '_OTHER' },
    })
  })
})

group('a trigger', () => {
  const of = (trigger: string, event: unknown, source?: string) =>
    describe({ is: 'trigger', trigger, source, event, id: 'm-1' })

  it.each([
    ['queue', 'cloudflare_queues', { body: 'hunter2' }],
    ['sqs', 'aws_sqs', { eventSourceARN: 'arn:aws:sqs:eu-west-1:1:orders', body: 'hunter2' }],
    ['kafka', 'kafka', { topic: 'orders', value: 'hunter2' }],
  ])('a message of %s is one of its destination', (trigger, system, event) => {
    const described = of(trigger, event, trigger === 'queue' ? 'orders' : undefined)
    expect(described).toMatchObject({ name: 'process orders', kind: 'consumer' })
    expect(described.attributes).toMatchObject({
      'messaging.system': system,
      'messaging.destination.name': 'orders',
      'messaging.message.id': 'm-1',
      'faas.trigger': 'pubsub',
    })
    expect(JSON.stringify(described)).not.toContain('hunter2')
  })

  it('the span of a timer and of data is a function’s', () => {
    expect(of('scheduled', { cron: '* * * * *' }).attributes).toMatchObject({
      'faas.trigger': 'timer',
      'faas.cron': '* * * * *',
    })
    expect(of('s3', {}).attributes).toMatchObject({ 'faas.trigger': 'datasource' })
    expect(of('rpc', { method: 'find' })).toMatchObject({ name: 'find', kind: 'server' })
    expect(of('other', null)).toMatchObject({ name: 'other', kind: 'consumer' })
  })
})

group('an operation on documents', () => {
  it('is called by the conventions’ name of its system', () => {
    expect(describe({ is: 'document', driver: 'dynamodb', operation: 'find', collection: 'users' })).toEqual({
      name: 'find users',
      kind: 'client',
      attributes: {
        'db.system.name': 'aws.dynamodb',
        'db.operation.name': 'find',
        'db.collection.name': 'users',
        'db.query.summary': 'find users',
      },
    })
  })
})
