import { describe, expect, it } from 'vitest'
import { lockProblems, type Lock } from './lock.ts'

const manifest = { devDependencies: { tool: '1.0.0' } }
const complete: Lock = {
  packages: {
    '': manifest,
    'node_modules/tool': {
      dependencies: { inner: '^1.0.0' },
      optionalDependencies: { '@tool/linux': '1.0.0' },
      peerDependencies: { host: '*', other: '*' },
      peerDependenciesMeta: { other: { optional: true } },
    },
    'node_modules/tool/node_modules/inner': { dependencies: { '@scope/deep': '1' } },
    'node_modules/@scope/deep': {},
    'node_modules/@tool/linux': {},
    'node_modules/host': {},
  },
}

function without(path: string): Lock {
  return { packages: Object.fromEntries(Object.entries(complete.packages).filter(([key]) => key !== path)) }
}

describe('the lock', () => {
  it('is complete when every dependency is found as Node finds it', () => {
    expect(lockProblems(complete, manifest)).toEqual([])
  })

  it.each([
    ['node_modules/@tool/linux', 'node_modules/tool needs @tool/linux@1.0.0'],
    ['node_modules/@scope/deep', 'node_modules/tool/node_modules/inner needs @scope/deep@1'],
    ['node_modules/host', 'node_modules/tool needs host@*'],
    ['node_modules/tool/node_modules/inner', 'node_modules/tool needs inner@^1.0.0'],
    ['node_modules/tool', 'package.json needs tool@1.0.0'],
  ])('is not without %s', (path, problem) => {
    expect(lockProblems(without(path), manifest)).toContain(problem)
  })

  it('follows package.json', () => {
    expect(lockProblems(complete, { devDependencies: { tool: '1.0.1' } })).toEqual([
      'devDependencies differ from package.json: run npm install',
    ])
  })

  it('does not depend on a local address', () => {
    const local = { packages: { '': {}, 'node_modules/a': { resolved: 'http://localhost:4873/a.tgz' } } }
    expect(lockProblems(local, {})).toEqual(['node_modules/a is resolved from a local address'])
  })
})
