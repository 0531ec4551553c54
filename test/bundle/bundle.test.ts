import { afterAll, describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { entries } from '../../tools/docs/entries.ts'
import { writeReport } from '../../tools/reports/reports.ts'
import { budgets } from './budgets.ts'
import { measure } from './measure.ts'

const peers = Object.keys(packageJson.peerDependencies)

const rows: string[] = []
afterAll(() => writeReport('bytes, minified and gzipped', `${rows.join('\n')}\n`))

describe.each(budgets)('$name', ({ name, code, aim, limit, over, external = [], packages = [], absent }) => {
  it(`weighs at most ${limit} bytes, minified and gzipped`, async () => {
    const whole = await measure(code, external)
    const given = over === undefined ? 0 : (await measure(over, external)).gzip
    const weight = whole.gzip - given
    rows.push(`${String(weight).padStart(7)}  aim ${String(aim).padStart(6)}  ${name}`)
    expect(weight).toBeLessThanOrEqual(limit)
  })

  it('holds nothing that it has no use for', async () => {
    const { modules, packages: found } = await measure(code, external)
    expect(modules.filter((path) => absent.test(path))).toEqual([])
    expect(found).toEqual(packages)
  })
})

describe.each(entries())('$specifier', ({ key, specifier }) => {
  it('holds no driver but its own', async () => {
    const own = /^\.\/(\w+)\/(\w+)(?:\/(?:sdk|streams))?$/.exec(key)
    const { modules } = await measure(`export * from '${specifier}'`, peers)
    const drivers = modules.flatMap((path) => /^src\/(\w+)\/drivers\/(\w+)\//.exec(path)?.slice(1, 3).join('/') ?? [])
    const allowed = own === null ? [] : [`${own[1]}/${own[2]}`]
    if (key !== './testing') expect(drivers.filter((driver) => !allowed.includes(driver))).toEqual([])
    const unused = await measure(`import '${specifier}'\nimport * as entry from '${specifier}'`, peers)
    expect(unused.modules).toEqual([])
  })
})
