import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as setting from '../../src/core/setting/schema.ts'
import { section } from '../../src/core/setting/section.ts'
import { configurationPage } from '../../tools/docs/configuration-page.ts'
import { sections } from '../../tools/docs/configuration-sections.ts'
import { root } from '../../tools/commands/steps.ts'
import { modulesIn } from '../project/modules.ts'

describe('docs/configuration.md', () => {
  it('is what the schemas say', () => {
    const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8')
    expect(page, 'run npm run docs').toBe(configurationPage(sections))
  })

  it('has every section that the package defines', () => {
    const defined = modulesIn('src').filter(
      ({ path, text }) => !/^src\/(?:config|core)\//.test(path) && /= section\(\n? *'/.test(text),
    )
    expect(defined.length).toBe(sections.length)
  })

  it('describes a group of settings once, wherever it may be given', () => {
    const box = setting.optional(setting.object({ size: setting.int() }))
    const example = section('post', setting.object({ box, offices: setting.list(setting.object({ box })) }))
    expect(configurationPage([example])).toContain(
      [
        '| `LEX_POST__BOX__SIZE` | a whole number | required |  |',
        '| `LEX_POST__OFFICES__0__BOX__…` | as `LEX_POST__BOX__…` |  |  |',
      ].join('\n'),
    )
  })

  it('says of each setting its names, its shape, its default and its purpose', () => {
    const example = section(
      'mailBox',
      setting.object({
        password: setting.secret(setting.string({ description: 'Who we are.' })),
        retry: setting.object({ after: setting.withDefault(setting.duration(), '30s') }),
        relays: setting.list(setting.object({ name: setting.optional(setting.string()) })),
        mode: setting.oneOf(['a', 'b']),
      }),
      { aliases: { password: ['MAIL_PASSWORD'], 'retry.after': 'RETRY' }, description: 'Mail.' },
    )
    expect(configurationPage([example])).toContain(
      [
        '## `mailBox`',
        '',
        'Mail.',
        '',
        '| variable | value | default | purpose |',
        '|---|---|---|---|',
        '| `LEX_MAIL_BOX__PASSWORD`<br>`MAIL_PASSWORD` | text (secret) | required | Who we are. |',
        '| `LEX_MAIL_BOX__RETRY__AFTER`<br>`RETRY` | a duration such as 30s, or a number of milliseconds, not negative | `30s` |  |',
        '| `LEX_MAIL_BOX__RELAYS__0__NAME` | text |  |  |',
        '| `LEX_MAIL_BOX__MODE` | one of a, b | required |  |',
      ].join('\n'),
    )
  })
})
