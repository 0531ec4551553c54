import { expect, it } from 'vitest'
import { withoutCredentials } from './without-credentials.ts'

it.each([
  'postgres://user:hunter2@host/db',
  'postgres://user:hun/ter2@host/db',
  'postgres://user:hunter2@x@host/db',
  'redis://:hunter2@a,redis://:hunter2@b',
  'https://host/db?password=hunter2&ssl=true',
  'https://host/hook?api_key=hunter2',
  'Host=db;Password=hunter2;Port=1',
  '{"user":"a","password":"hunter2"}',
  '{"clientSecret": "hunter2 hunter2"}',
  'Authorization: Bearer hunter2',
])('hides what is secret in %s', (text) => {
  expect(withoutCredentials(text)).not.toMatch(/hun|ter2/)
})

it.each(['postgres://host:5432/db?sslmode=require', 'a@b.test', 'tokens', 'keyPrefix-7', 'eu-west-1'])(
  'leaves %s alone',
  (text) => {
    expect(withoutCredentials(text)).toBe(text)
  },
)

it('shortens what is long', () => {
  expect(withoutCredentials('x'.repeat(300))).toBe(`${'x'.repeat(200)}…`)
})
