import { describe, expect, it } from 'vitest'
import { settingsStatement, type Settings } from './settings.ts'

describe('settingsStatement', () => {
  it('sets each name to its value for the transaction', () => {
    expect(settingsStatement({ 'app.tenant_id': 'acme', statement_timeout: '5s' })).toEqual({
      text: 'select set_config($1, $2, true), set_config($3, $4, true)',
      params: ['app.tenant_id', 'acme', 'statement_timeout', '5s'],
    })
  })

  it.each([undefined, null, 5, {}])('refuses %j: a policy must never see a setting that was not meant', (value) => {
    const settings = { 'app.tenant_id': value } as unknown as Settings
    expect(() => settingsStatement(settings)).toThrow(/app\.tenant_id must be text/)
  })

  it.each(['', 'a b', "a'; drop", '1a', 'a..b'])('refuses the name %j', (name) => {
    expect(() => settingsStatement({ [name]: 'x' })).toThrow(/cannot name a setting/)
  })
})
