import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readReleaseFacts } from '../../tools/release/facts.ts'
import { releaseProblems } from '../../tools/release/problems.ts'
import { root } from '../../tools/commands/steps.ts'

const manifest = {
  name: 'sample',
  version: '1.2.3',
  license: 'MIT',
  type: 'module',
  files: ['dist', 'docs', 'CHANGELOG.md', 'CONTRIBUTING.md'],
  exports: {
    '.': { types: './dist/src/index.d.ts', default: './dist/src/index.js' },
    './package.json': './package.json',
  },
  repository: { type: 'git', url: 'git+https://example.com/sample.git' },
  scripts: {
    test: "node -e \"require('fs').appendFileSync('.lexigram-tests', 'x')\"",
    build: 'node build.cjs',
  },
}
const build = `const { mkdirSync, writeFileSync } = require('fs')
mkdirSync('dist/src', { recursive: true })
writeFileSync('dist/src/index.js', 'export const one = 1\\n')
writeFileSync('dist/src/index.d.ts', 'export declare const one: 1\\n')
`

let base: string
let folder: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'lexigram-edge-release-'))
  folder = join(base, 'checkout')
  mkdirSync(folder)
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch', 'main', join(base, 'origin.git')])
  git('init', '--quiet', '--initial-branch', 'main')
  git('config', 'user.name', 'Somebody')
  git('config', 'user.email', 'somebody@example.com')
  git('remote', 'add', 'origin', join(base, 'origin.git'))
  write('package.json', JSON.stringify(manifest, undefined, 2))
  write('package-lock.json', JSON.stringify({ name: 'sample', version: '1.2.3', lockfileVersion: 3, packages: {} }))
  write('CHANGELOG.md', '# Changelog\n\n## 1.2.3 - 2026-01-31\n\n- Something new.\n\n## 1.2.2 - 2025-12-24\n\n- Old.\n')
  write('README.md', '# Sample\n')
  write('CONTRIBUTING.md', '# Contributing\n')
  mkdirSync(join(folder, 'docs'))
  write('docs/entry-points.md', '# Entry points\n')
  write('LICENSE', 'MIT\n')
  write('.gitignore', 'dist\n.lexigram*\n')
  write('build.cjs', build)
  commit()
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

describe('npm run release', () => {
  it('tests, packs, tags and pushes', async () => {
    const { status, lines } = await release()
    expect([status, lines.at(-1)]).toEqual([0, 'v1.2.3 is pushed: CI tests and publishes it'])
    expect(existsSync(join(folder, '.lexigram/release/sample-1.2.3.tgz'))).toBe(true)
    expect(tags('origin.git')).toEqual(['v1.2.3'])
    expect(git('rev-parse', 'origin/main')).toBe(git('rev-parse', 'v1.2.3^{}'))
    expect((await release()).lines).toEqual([expect.stringMatching(/^✗ v1\.2\.3 exists: raise the version/)])
  })

  it('only says in a dry run what it would do', async () => {
    const { status, lines } = await release('--dry-run')
    expect([status, lines.length]).toEqual([0, 5])
    expect(lines.every((line) => line.startsWith('would '))).toBe(true)
    expect(lines).toContain('would git push --atomic origin main v1.2.3')
    expect([tags('checkout'), tags('origin.git'), existsSync(join(folder, '.lexigram'))]).toEqual([[], [], false])
  })

  it.each<[string, () => void, RegExp]>([
    ['files that are not committed', () => write('README.md', '# Changed\n'), /not committed: README\.md/],
    ['files that git does not know', () => write('new.ts', ''), /not committed: new\.ts/],
    ['another branch', () => git('switch', '--quiet', '--create', 'feature'), /this is feature: release from main/],
    ['a commit on no branch', () => git('switch', '--quiet', '--detach'), /this is no branch/],
    ['a tag that exists', () => git('tag', 'v1.2.3'), /v1\.2\.3 exists/],
    ['a tag that only the origin has', tagOrigin, /v1\.2\.3 exists/],
    ['no origin', () => git('remote', 'remove', 'origin'), /no remote "origin"/],
    ['no repository', () => commitManifest({ repository: undefined }), /has no repository with a url/],
    ['a private package', () => commitManifest({ private: true }), /is private/],
    ['another version than the lock', () => commitManifest({ version: '1.2.4' }), /package-lock\.json is of 1\.2\.3/],
    [
      'no section of the version',
      () => commitChangelog('## 1.2.2 - 2025-12-24\n\n- Old.\n'),
      /no section "## 1\.2\.3 - \d/,
    ],
    [
      'a section without a date',
      () => commitChangelog('## 1.2.3\n\n- New.\n'),
      /does not say when 1\.2\.3 is released/,
    ],
    ['an empty section', () => commitChangelog('## 1.2.3 - 2026-01-31\n\n### Core\n'), /says nothing about 1\.2\.3/],
    [
      'an Unreleased section',
      () => commitChangelog('## Unreleased\n\n## 1.2.3 - 2026-01-31\n\n- New.\n'),
      /has a section "Unreleased"/,
    ],
  ])('refuses %s', async (_, change, problem) => {
    change()
    expect(releaseProblems(await readReleaseFacts(folder))).toContainEqual(expect.stringMatching(problem))
  })

  it('wants where the package lives committed once it has filled that in', async () => {
    commitManifest({ repository: undefined })
    const url = 'git@git.example.com:us/sample.git'
    // The tags are read here; only the address is the one on the web.
    git('config', `url.${join(base, 'origin.git')}.insteadOf`, url)
    git('remote', 'set-url', 'origin', url)
    const { status, lines } = await release()
    expect([status, lines]).toEqual([
      1,
      [
        'package.json says now that the package lives at https://git.example.com/us/sample: commit that',
        '✗ not committed: package.json',
      ],
    ])
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toEqual({
      ...manifest,
      homepage: 'https://git.example.com/us/sample#readme',
      bugs: 'https://git.example.com/us/sample/issues',
      repository: { type: 'git', url: 'git+https://git.example.com/us/sample.git' },
    })
    commit()
    expect((await release()).status).toBe(0)
  })

  it('reports every problem at once before it changes anything', async () => {
    commitManifest({ repository: undefined, private: true })
    write('README.md', '# Changed\n')
    const { status, lines } = await release()
    expect([status, lines]).toEqual([1, Array(3).fill(expect.stringMatching(/^✗ /))])
    expect([tags('checkout'), tags('origin.git'), existsSync(join(folder, '.lexigram-tests'))]).toEqual([[], [], false])
  })

  it('ends when the tests fail', async () => {
    commitManifest({ scripts: { ...manifest.scripts, test: 'exit 3' } })
    expect(await release()).toMatchObject({ status: 1, lines: expect.arrayContaining(['✗ npm test has failed']) })
    expect(tags('checkout')).toEqual([])
  })

  it('ends with the reason when the tarball is not sound', async () => {
    commitManifest({ exports: { ...manifest.exports, './gone': './dist/src/gone.js' } })
    write('build.cjs', `${build}writeFileSync('dist/src/index.test.js', '')\n`)
    commit()
    const { status, lines } = await release()
    expect(status).toBe(1)
    expect(lines.slice(-4)).toEqual([
      'dist/src/index.test.js is packed',
      expect.stringMatching(/gone\.js.*does not exist/),
      'NoResolution ./gone node16-esm',
      'NoResolution ./gone bundler',
    ])
    expect(tags('checkout')).toEqual([])
  })

  it('ends when the build changes what is committed', async () => {
    write('build.cjs', `${build}writeFileSync('README.md', '# Changed')\n`)
    commit()
    expect((await release()).lines.at(-1)).toBe('✗ the checkout has changed: README.md')
    expect(tags('checkout')).toEqual([])
  })

  it('can be repeated without another test when it could not push', async () => {
    const hook = join(base, 'origin.git/hooks/pre-receive')
    writeFileSync(hook, '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    expect((await release()).status).toBe(1)
    expect([tags('checkout'), tags('origin.git')]).toEqual([[], []])
    rmSync(hook)
    expect((await release()).status).toBe(0)
    expect(readFileSync(join(folder, '.lexigram-tests'), 'utf8')).toBe('x')
  })
})

describe('npm run release -- --pack, as CI does it', () => {
  it('packs what the tag stands for, on no branch', async () => {
    git('tag', 'v1.2.3')
    git('switch', '--quiet', '--detach', 'v1.2.3')
    expect((await release('--pack', 'v1.2.3')).status).toBe(0)
    expect(existsSync(join(folder, '.lexigram/release/sample-1.2.3.tgz'))).toBe(true)
    expect(existsSync(join(folder, '.lexigram-tests'))).toBe(false)
  })

  it('refuses the tag of another version', async () => {
    const { status, lines } = await release('--pack', 'v1.2.4')
    expect([status, lines]).toEqual([1, ['✗ the tag v1.2.4 is not that of version 1.2.3']])
  })
})

function release(...args: readonly string[]): Promise<{ status: number; lines: readonly string[] }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'tools/commands/release.ts'), ...args], { cwd: folder }, (error, stdout) => {
      const lines = stdout.split('\n').filter((line) => line !== '')
      resolve({ status: error === null ? 0 : Number(error.code), lines })
    })
  })
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

function tags(repository: string): readonly string[] {
  const listed = execFileSync('git', ['tag'], { cwd: join(base, repository), encoding: 'utf8' })
  return listed.split('\n').filter((line) => line !== '')
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function commit(): void {
  git('add', '--all')
  git('commit', '--quiet', '--message', 'A change')
}

function commitManifest(changes: object): void {
  write('package.json', JSON.stringify({ ...manifest, ...changes }))
  commit()
}

function commitChangelog(sections: string): void {
  write('CHANGELOG.md', `# Changelog\n\n${sections}`)
  commit()
}

function tagOrigin(): void {
  git('tag', 'v1.2.3')
  git('push', '--quiet', 'origin', 'main', 'v1.2.3')
  git('tag', '--delete', 'v1.2.3')
}
