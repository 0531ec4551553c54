import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { root } from '../../tools/commands/steps.ts'
import manifest from '../../tools/create/package.json' with { type: 'json' }
import { versions } from '../../tools/create/src/versions.ts'
import { manifestIn, runCreate } from './created-project.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lexigram-edge-create-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('create-lexigram-edge without a terminal', () => {
  it('names the flag that is missing', async () => {
    expect(await runCreate(['shop'], folder)).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'create-lexigram-edge: --platform must be one of worker, lambda, vercel, node: there is no terminal to ask in. Pass it, or --yes\n',
    })
    expect((await runCreate(['shop', '--platform', 'node'], folder)).stderr).toContain('--data must be one of')
    expect(readdirSync(folder)).toEqual([])
  })

  it('takes the defaults and the folder’s name with --yes', async () => {
    const { status, stdout } = await runCreate(['My Shop', '--yes'], folder)
    expect(status).toBe(0)
    expect(stdout).toContain("cd 'My Shop'\n")
    const { name, dependencies } = manifestIn(join(folder, 'My Shop'))
    expect(name).toBe('my-shop')
    expect(dependencies).toMatchObject({ 'lexigram-edge': `^${packageJson.version}`, pg: versions.pg })
  })

  it('installs the package that --package names', async () => {
    await runCreate(['shop', '--yes', '--package', 'file:../edge.tgz'], folder)
    expect(manifestIn(join(folder, 'shop')).dependencies['lexigram-edge']).toBe('file:../edge.tgz')
  })

  it('finds the tarball that --package names from where the command runs', async () => {
    writeFileSync(join(folder, 'edge.tgz'), '')
    for (const [name, spec] of [
      ['a', './edge.tgz'],
      ['b', 'edge.tgz'],
      ['c', join(folder, 'edge.tgz')],
    ] as const) {
      await runCreate([`deep/${name}`, '--yes', '--package', spec], folder)
      expect(manifestIn(join(folder, 'deep', name)).dependencies['lexigram-edge']).toBe('file:../../edge.tgz')
    }
  })

  it.each([
    ['', 'the folder must have a name; a full stop is this one'],
    ['file', 'file must be a folder'],
    ['file/shop', 'file/shop cannot be written: the system answers ENOTDIR'],
    ['nowhere', 'nowhere cannot be written: the system answers E'],
  ])('refuses the folder %j by its reason', async (name, message) => {
    writeFileSync(join(folder, 'file'), 'mine')
    symlinkSync(join(folder, 'gone/for/ever'), join(folder, 'nowhere'))
    const { status, stderr } = await runCreate([name, '--yes'], folder)
    expect(stderr).toMatch(new RegExp(`^create-lexigram-edge: ${message}\\w*\n$`))
    expect(status).toBe(2)
  })

  it('leaves a folder as it is that has more than .git', async () => {
    mkdirSync(join(folder, 'shop/.git'), { recursive: true })
    writeFileSync(join(folder, 'shop/mine.txt'), 'mine')
    expect((await runCreate(['shop'], folder)).stderr).toContain('shop must be empty')
    const refused = await runCreate(['shop', '--yes'], folder)
    expect(refused).toMatchObject({
      status: 2,
      stderr: 'create-lexigram-edge: shop must be empty: it has mine.txt\n',
    })
    expect(readdirSync(join(folder, 'shop')).toSorted()).toEqual(['.git', 'mine.txt'])
    rmSync(join(folder, 'shop/mine.txt'))
    expect((await runCreate(['shop', '--yes'], folder)).status).toBe(0)
  })

  it.each([
    [['--platform', 'fly'], '--platform must be one of worker, lambda, vercel, node, not fly'],
    [['--data', 'graphs'], '--data must be one of sql, documents, both, not graphs'],
    [['--name', 'My Shop'], '--name must be a name of npm, in lower case and without spaces, not My Shop'],
    [['--package', ''], '--package must be a version, a range, or the path of a tarball'],
    [['--package', './gone.tgz'], '--package must be a tarball that exists, not ./gone.tgz'],
    [['a', 'b'], 'there must be one folder, not 2'],
    [['--fast'], "Unknown option '--fast'"],
  ])('refuses %j', async (args, message) => {
    const { status, stderr } = await runCreate([...args, '--yes'], folder)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })
})

describe('the package create-lexigram-edge', () => {
  it('packs the command and the templates in the version of lexigram-edge', () => {
    expect(manifest.version).toBe(packageJson.version)
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
    const printed = execFileSync('npm', args, { cwd: join(root, 'tools/create'), encoding: 'utf8' })
    // npm prints one entry for each package.
    const [{ files }] = JSON.parse(printed) as [{ files: { path: string }[] }]
    const paths = files.map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['dist/main.js', 'templates/base/gitignore', 'README.md']))
    expect(paths.filter((path) => path.startsWith('src/'))).toEqual([])
  })

  it('writes the versions that are tested here into new projects', () => {
    const tested: Readonly<Record<string, string>> = packageJson.devDependencies
    expect(versions).toEqual(Object.fromEntries(Object.keys(versions).map((name) => [name, tested[name]])))
    expect(manifest.dependencies['@clack/prompts']).toBe(`^${tested['@clack/prompts']}`)
  })

  it('prints the flags that its README lists', async () => {
    const { stdout } = await runCreate(['--help'], folder)
    const readme = readFileSync(join(root, 'tools/create/README.md'), 'utf8')
    const listed = [...readme.matchAll(/^\| `(--\w+)`/gm)].map(([, flag]) => flag ?? '')
    const printed = [...stdout.matchAll(/^ {2}(--\w+)/gm)].map(([, flag]) => flag ?? '')
    expect(listed.toSorted()).toEqual(printed.filter((flag) => flag !== '--help').toSorted())
  })
})
