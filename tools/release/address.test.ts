import { describe, expect, it } from 'vitest'
import { webAddress, withAddress } from './address.ts'

describe('webAddress', () => {
  it.each([
    'https://git.example.com/us/sample.git',
    'https://git.example.com/us/sample',
    'https://token@git.example.com/us/sample.git',
    'git+https://git.example.com/us/sample.git',
    'git+ssh://git@git.example.com/us/sample.git',
    'ssh://git@git.example.com:22/us/sample.git',
    'git@git.example.com:us/sample.git',
  ])('reads %s', (url) => {
    expect(webAddress(url)).toBe('https://git.example.com/us/sample')
    expect(webAddress({ type: 'git', url })).toBe('https://git.example.com/us/sample')
  })

  it.each(['/srv/git/sample.git', '../origin.git', 'file:///srv/git/sample.git', '', undefined, {}])(
    'knows no address of %j',
    (repository) => expect(webAddress(repository)).toBeUndefined(),
  )
})

describe('withAddress', () => {
  const address = 'https://git.example.com/us/sample'

  it('puts the address around the license', () => {
    const keys = Object.keys(JSON.parse(withAddress({ name: 'a', license: 'MIT', type: 'module' }, address)) as object)
    expect(keys).toEqual(['name', 'homepage', 'bugs', 'license', 'repository', 'type'])
  })

  it('keeps what is there', () => {
    const homepage = 'https://docs.example.com'
    expect(JSON.parse(withAddress({ homepage, license: 'MIT' }, address))).toMatchObject({ homepage })
  })
})
