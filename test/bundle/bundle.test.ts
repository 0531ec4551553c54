import { describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { entries } from '../../tools/entries.ts'
import { budgets } from './budgets.ts'
import { measure } from './measure.ts'

const peers = Object.keys(packageJson.peerDependencies)

describe.each(budgets)('$name', ({ code, limit, over, external = [], packages = [], absent }) => {
  it(`weighs at most ${limit} bytes, minified and gzipped`, async () => {
    const whole = await measure(code, external)
    const given = over === undefined ? 0 : (await measure(over, external)).gzip
    expect(whole.gzip - given).toBeLessThanOrEqual(limit)
  })

  it('holds nothing that it has no use for', async () => {
    const { modules, packages: found } = await measure(code, external)
    expect(modules.filter((path) => absent.test(path))).toEqual([])
    expect(found).toEqual(packages)
  })
})

describe.each(entries())('$specifier', ({ key, specifier }) => {
  it('holds no driver but its own, and leaves nothing behind when nothing of it is used', async () => {
    const own = /^\.\/(\w+)\/(\w+)$/.exec(key)
    const { modules } = await measure(`export * from '${specifier}'`, peers)
    const drivers = modules.flatMap((path) => /^src\/(\w+)\/drivers\/(\w+)\//.exec(path)?.slice(1, 3).join('/') ?? [])
    const allowed = own === null ? [] : [`${own[1]}/${own[2]}`]
    if (key !== './testing') expect(drivers.filter((driver) => !allowed.includes(driver))).toEqual([])
    const unused = await measure(`import '${specifier}'\nimport * as entry from '${specifier}'`, peers)
    expect(unused.modules).toEqual([])
  })
})
